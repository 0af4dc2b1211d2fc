// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace nabla {

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
