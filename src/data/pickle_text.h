// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nabla {

/// The bytes of a Python 2 string literal with its quotes; nothing where it is none.
std::optional<std::string> python_string(std::string_view literal);

/// The UTF-8 of a text in Python's encoding raw-unicode-escape; nothing where it is none.
std::optional<std::string> raw_unicode(std::string_view text);

}  // namespace nabla
