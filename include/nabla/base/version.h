// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nabla {

/// The version of the library that is linked, as "0.2.0".
std::string_view version();

}  // namespace nabla
