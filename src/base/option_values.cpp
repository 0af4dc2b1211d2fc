// SPDX-License-Identifier: MIT
#include "base/option_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "nabla/base/error.h"

#include "base/text.h"

namespace nabla {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  if (trim(text).empty()) return items;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string_view item = trim(text.substr(start, end - start));
    if (item.empty()) throw_bad_value(text, "has an empty item", "items separated by one comma");
    items.emplace_back(item);
    start = end + 1;
  }
  return items;
}

std::string join(std::span<const std::string> items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::uint64_t parse_whole(std::string_view text, std::string_view expected) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    throw_bad_value(text, "is not a whole number", expected);
  if (error != std::errc()) throw_bad_value(text, "is out of range", expected);
  return value;
}

double parse_number(std::string_view text, std::string_view expected) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    throw_bad_value(text, "is not a number", expected);
  if (error != std::errc() || !std::isfinite(value))
    throw_bad_value(text, "is out of range", expected);
  return value;
}

std::size_t parse_batch_size(std::string_view text) {
  constexpr std::string_view kExpected = "a whole number, at least 1, or all";
  if (text == "all") return 0;
  const std::uint64_t size = parse_whole(text, kExpected);
  if (size == 0) throw_bad_value(text, "is out of range", kExpected);
  return static_cast<std::size_t>(size);
}

std::string write_batch_size(std::size_t size) { return size == 0 ? "all" : std::to_string(size); }

template <class T>
std::string write_number(T value) {
  std::array<char, 32> buffer;
  // to_chars writes 1e+05, which it finds shorter than 100000; people do not.
  const bool is_whole = std::abs(value) < T(1e6) && value == std::floor(value);
  char* const end = buffer.data() + buffer.size();
  const auto result = is_whole ? std::to_chars(buffer.data(), end, value, std::chars_format::fixed)
                               : std::to_chars(buffer.data(), end, value);
  return {buffer.data(), result.ptr};
}

template std::string write_number(float value);
template std::string write_number(double value);

void throw_bad_value(std::string_view text, std::string_view problem, std::string_view expected) {
  throw ConfigError(in_quotes(text) + " " + std::string(problem) + ", expected " +
                    std::string(expected));
}

void throw_bad_choice(std::string_view text, std::span<const std::string> names,
                      std::string_view or_else) {
  throw ConfigError("unknown value " + in_quotes(text) + ", expected " +
                    (names.size() > 1 ? "one of " : "") + join(names) + std::string(or_else) +
                    did_you_mean(text, names));
}

namespace {

/// Writes ends such as 1000000000 in full.
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
