// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// The texts of configuration values: strict in what they take, exact in what they write. All
// parsers throw ConfigError saying what is wrong and what was expected; the caller adds the key.

std::string_view trim(std::string_view text);

/// The items of a comma-separated list, trimmed; an empty text is an empty list, an empty item an
/// error.
std::vector<std::string> split_list(std::string_view text);
std::string join(std::span<const std::string> items, std::string_view separator = ", ");

/// A whole number, digits only, of at most 64 bits.
std::uint64_t parse_whole(std::string_view text, std::string_view expected);

/// A finite number.
double parse_number(std::string_view text, std::string_view expected = "a finite number");
/// Rows per mini-batch: a whole number of at least 1, or "all", which is 0.
std::size_t parse_batch_size(std::string_view text);
std::string write_batch_size(std::size_t size);

/// The shortest text that reads back as the same float or double.
template <class T>
std::string write_number(T value);

[[noreturn]] void throw_bad_value(std::string_view text, std::string_view problem,
                                  std::string_view expected);
/// For a text that is none of `names`; says which is nearest.
[[noreturn]] void throw_bad_choice(std::string_view text, std::span<const std::string> names,
                                   std::string_view or_else = "");

}  // namespace nabla
