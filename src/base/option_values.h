// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

// Values of options: the texts that stand for them, and the intervals in which numbers lie. Parsers
// take no other text than they say, and writers lose no bit. All parsers throw ConfigError, which
// says what is wrong and what was expected; the caller adds the key.

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

/// The numbers that an option takes. Infinity and NaN are never among them.
struct Interval {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool takes_low = true;
  bool takes_high = true;

  bool contains(double value) const;
  /// "1 to 1024", "at least 0", "above 0", "0 to below 1" or "above 0, at most 9".
  std::string text() const;
  /// What errors say was expected: "a number of at least 0", "a whole number, 1 to 1024".
  std::string number() const;
  std::string whole() const;
};

constexpr Interval at_least(double low) { return {.low = low}; }
constexpr Interval above(double low) { return {.low = low, .takes_low = false}; }
constexpr Interval from_to(double low, double high) { return {.low = low, .high = high}; }
constexpr Interval from_to_below(double low, double high) {
  return {.low = low, .high = high, .takes_high = false};
}
constexpr Interval above_to(double low, double high) {
  return {.low = low, .high = high, .takes_low = false};
}

/// Throws ConfigError "'VALUE' is out of range, expected INTERVAL" unless the value is in it.
void require_in(const Interval& interval, double value);
void require_in(const Interval& interval, std::uint64_t value);

}  // namespace nabla
