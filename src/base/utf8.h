// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nabla {

/// Whether the text is well-formed UTF-8 (RFC 3629): no overlong forms, surrogates or code points
/// above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace nabla
