// SPDX-License-Identifier: MIT
#include "base/interval.h"

#include <cmath>

#include "base/option_values.h"

namespace nabla {

namespace {

/// Ends such as 1000000000 are written in full.
std::string end_text(double end) {
  if (end >= 0 && end < 1e15 && end == std::floor(end))
    return std::to_string(static_cast<std::uint64_t>(end));
  return write_number(end);
}

std::string lower_text(const Interval& interval) {
  return (interval.takes_low ? "at least " : "above ") + end_text(interval.low);
}

}  // namespace

bool Interval::contains(double value) const {
  return std::isfinite(value) && (takes_low ? value >= low : value > low) &&
         (takes_high ? value <= high : value < high);
}

std::string Interval::text() const {
  if (std::isinf(high)) return lower_text(*this);
  if (takes_low) return end_text(low) + (takes_high ? " to " : " to below ") + end_text(high);
  return lower_text(*this) + (takes_high ? ", at most " : ", below ") + end_text(high);
}

std::string Interval::number() const {
  if (!takes_low) return "a number " + text();
  return (std::isinf(high) ? "a number of " : "a number from ") + text();
}

std::string Interval::whole() const { return "a whole number, " + text(); }

void require_in(const Interval& interval, double value) {
  if (!interval.contains(value))
    throw_bad_value(write_number(value), "is out of range", interval.number());
}

void require_in(const Interval& interval, std::uint64_t value) {
  if (!interval.contains(static_cast<double>(value)))
    throw_bad_value(std::to_string(value), "is out of range", interval.whole());
}

}  // namespace nabla
