// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nabla {

/// What some programs begin a text with.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Bytes of the character that the text begins with; 0 where it is empty or begins with no
/// well-formed UTF-8 (RFC 3629: no overlong forms, surrogates or code points above U+10FFFF).
std::size_t utf8_character(std::string_view text);

/// Whether all of the text is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// Whether the text begins with a line break or another control character (C0, DEL, C1, U+2028,
/// U+2029).
bool starts_with_control(std::string_view text);

/// The text as part of a message of one line: '?' in place of control characters and of bytes that
/// are no UTF-8, and "..." in place of what is beyond `longest` bytes.
std::string printable(std::string_view text, std::size_t longest);

}  // namespace nabla
