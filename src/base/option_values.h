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
// throw ConfigError for any text but those that they name; it says what is wrong and what was
// expected, and the caller adds the key.

std::string_view trim(std::string_view text);

/// Returns the items of a comma-separated list, trimmed. An empty text is an empty list; an empty
/// item is an error.
std::vector<std::string> split_list(std::string_view text);
std::string join(std::span<const std::string> items, std::string_view separator = ", ");

/// Reads a whole number of digits only and of at most 64 bits.
std::uint64_t parse_whole(std::string_view text, std::string_view expected);

/// Reads a finite number.
double parse_number(std::string_view text, std::string_view expected = "a finite number");
/// Reads the rows per mini-batch: a whole number of at least 1, or "all", for which it returns 0.
std::size_t parse_batch_size(std::string_view text);
std::string write_batch_size(std::size_t size);

/// Returns the shortest text that reads back as the same float or double.
template <class T>
std::string write_number(T value);

[[noreturn]] void throw_bad_value(std::string_view text, std::string_view problem,
                                  std::string_view expected);
/// Throws for a text that is not one of `names`; the error names the nearest.
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
  /// The interval as errors expect it: "a number of at least 0", "a whole number, 1 to 1024".
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
