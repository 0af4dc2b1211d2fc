// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nabla {

/// The text of configs/digits.ini, for `nabla train` without a configuration file.
std::string_view builtin_config();

}  // namespace nabla
