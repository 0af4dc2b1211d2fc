// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

// Texts for people, and the UTF-8 in them. Numbers that read back are in option_values.h.

/// The byte order mark of UTF-8, with which some programs begin a text.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Returns the number of bytes of the text's first character; 0 if the text is empty or does not
/// begin with well-formed UTF-8 (RFC 3629: no overlong forms, surrogates or code points above
/// U+10FFFF).
std::size_t utf8_character(std::string_view text);

/// Returns whether all of the text is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// Appends a code point, at most U+10FFFF, to a text in UTF-8.
void append_utf8(std::uint32_t point, std::string& text);

/// Returns whether the text begins with a line break or another control character (C0, DEL, C1,
/// U+2028, U+2029).
bool starts_with_control(std::string_view text);

/// Returns the text as part of a message of one line: '?' replaces control characters and bytes
/// that are not UTF-8, "<no-break space>" such a space, and "..." replaces the rest of a text of
/// more than `longest` bytes.
std::string printable(std::string_view text, std::size_t longest);

/// Returns the text in single quotes, fit for one line of an error: printable, cut to 60 bytes.
std::string in_quotes(std::string_view text);

/// Returns the candidate with the fewest insertions, deletions and replacements of one byte and
/// swaps of neighbours from `word` (the restricted distance of Damerau 1964), the first of them if
/// several are as near. Returns "" unless they are at most a third of the longer name, rounded up.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// Returns "; did you mean NAME?" with the nearest candidate, "" if none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// Returns a number with `digits` digits behind the point.
std::string fixed(double value, int digits);
/// Returns a number with up to `digits` significant digits.
std::string general(double value, int digits = 6);
/// Returns a number rounded to a whole one, as in "1,234,567".
std::string with_thousands(double value);
/// Returns a time as "4.21 ms", "1.63 s", "12 min 5 s" or "2 h 3 min"; "?" if it is not finite.
std::string duration_text(double seconds);

}  // namespace nabla
