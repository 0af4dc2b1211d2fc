// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

// Texts for people, and the UTF-8 in them. Numbers that read back are in option_values.h.

/// Some programs begin a text with it.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Bytes of the character that the text begins with; 0 if it is empty or begins with no
/// well-formed UTF-8 (RFC 3629: no overlong forms, surrogates or code points above U+10FFFF).
std::size_t utf8_character(std::string_view text);

/// Whether all of the text is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// Whether the text begins with a line break or another control character (C0, DEL, C1, U+2028,
/// U+2029).
bool starts_with_control(std::string_view text);

/// The text as part of a message of one line: '?' in place of control characters and of bytes that
/// are not UTF-8, and "..." in place of what is beyond `longest` bytes.
std::string printable(std::string_view text, std::size_t longest);

/// The text in single quotes, fit for one line of an error: printable, cut to 60 bytes.
std::string in_quotes(std::string_view text);

/// The candidate with the fewest insertions, deletions and replacements of one character from
/// `word` (Levenshtein 1966), the first of them if several are as near; empty if there is no
/// candidate. For "did you mean" in errors.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// A number with `digits` digits behind the point.
std::string fixed(double value, int digits);
/// A number with up to `digits` significant digits.
std::string general(double value, int digits = 6);
/// A number rounded to a whole one, as in "1,234,567".
std::string with_thousands(double value);

}  // namespace nabla
