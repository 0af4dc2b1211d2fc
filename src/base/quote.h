// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nabla {

/// The text in single quotes, fit for one line of an error: printable, cut to 60 bytes.
std::string in_quotes(std::string_view text);

}  // namespace nabla
