// SPDX-License-Identifier: MIT
#include "data/csv_cell.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <locale>
#include <sstream>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"

namespace nabla {

namespace {

/// Errors show at most so many bytes of a cell.
constexpr std::size_t kLongestShown = 40;

/// Returns whether the UTF-8 text has a line break or another control character.
bool has_control(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1))
    if (starts_with_control(text)) return true;
  return false;
}

/// Reads a cell of a few digits and nothing else. Many tables consist of such pixels, counts and
/// class numbers, which are too short for from_chars to be fast.
bool parse_digits(std::string_view cell, double& value) {
  constexpr std::size_t kMost = 9;
  if (cell.empty() || cell.size() > kMost) return false;
  std::uint32_t number = 0;
  for (const char c : cell) {
    const auto digit = static_cast<std::uint32_t>(c - '0');
    if (digit > 9) return false;
    number = 10 * number + digit;
  }
  value = number;
  return true;
}

CellKind parse_with_comma(std::string_view cell, double& value) {
  std::string text(cell);
  for (char& c : text) {
    if (c == '.') return CellKind::kText;
    if (c == ',') c = '.';
  }
  return parse_number(text, value);
}

}  // namespace

CellKind parse_number(std::string_view cell, double& value, char decimal) {
  if (parse_digits(cell, value)) return CellKind::kNumber;
  if (cell.empty()) return CellKind::kMissing;
  if (decimal == ',') return parse_with_comma(cell, value);
  const char* first = cell.data();
  const char* const last = first + cell.size();
  if (*first == '+' && cell.size() > 1 && cell[1] != '-') ++first;
  double number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (end != last || error == std::errc::invalid_argument) return CellKind::kText;
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say whether the number is too large or too small for double; a stream
    // fails only if it is too large.
    std::istringstream stream(std::string(first, last));
    stream.imbue(std::locale::classic());
    if (!(stream >> number)) return CellKind::kOutOfRange;
  }
  if (!std::isfinite(number)) return CellKind::kNotFinite;
  value = number;
  return CellKind::kNumber;
}

bool is_numeric(std::string_view cell, char decimal) {
  double ignored = 0;
  const CellKind kind = parse_number(cell, ignored, decimal);
  return kind != CellKind::kMissing && kind != CellKind::kText;
}

std::string cell_place(const std::string& name, std::size_t line, std::size_t column,
                       std::span<const std::string> header) {
  return name + ":" + std::to_string(line) + ": " + column_label(column, header) + ": ";
}

std::string column_label(std::size_t column, std::span<const std::string> header) {
  const std::string label = "column " + std::to_string(column + 1);
  return header.empty() ? label : label + " (" + printable(header[column], kLongestShown) + ")";
}

std::string quote_cell(std::string_view cell) { return "'" + printable(cell, kLongestShown) + "'"; }

std::string nearest_of(std::string_view cell, std::span<const std::string> names) {
  const std::string near = nearest(cell, names);
  return near.empty() ? "" : ", of which " + quote_cell(near) + " is the nearest";
}

namespace {

std::string missing_text(std::string_view cell) {
  return std::string("the value is missing") + (cell.empty() ? "" : " (" + quote_cell(cell) + ")") +
         "; expected a number";
}

}  // namespace

void throw_unfilled(const std::string& place, std::string_view cell, const std::string& remedy) {
  throw DataError(place + missing_text(cell) + ", or " + remedy);
}

void throw_not_a_number(const std::string& place, CellKind kind, std::string_view cell) {
  switch (kind) {
    case CellKind::kMissing:
      throw DataError(place + missing_text(cell));
    case CellKind::kNotFinite:
      throw DataError(place + "found " + quote_cell(cell) + "; expected a finite number");
    case CellKind::kOutOfRange:
      throw DataError(place + quote_cell(cell) +
                      " is out of range; expected a number of at most 1.8e308 in magnitude");
    default:
      throw DataError(place + quote_cell(cell) + " is not a number; expected one such as 1.5");
  }
}

std::string name_fault(std::string_view cell, const std::string& what) {
  if (!is_utf8(cell))
    return "the " + what + " name " + quote_cell(cell) +
           " is not UTF-8; expected a file that was converted to UTF-8";
  if (has_control(cell))
    return "the " + what + " name " + quote_cell(cell) +
           " has a line break or control character; expected one line of text";
  return {};
}

void require_name(std::string_view cell, const std::string& what,
                  const std::function<std::string()>& place) {
  if (cell.empty()) throw DataError(place() + "the value is missing; expected a " + what);
  if (const std::string fault = name_fault(cell, what); !fault.empty())
    throw DataError(place() + fault);
}

namespace {

/// Returns the text, and true and false in capitals.
std::string with_equal_truths(std::string_view text) {
  for (const std::string_view truth : {"TRUE", "FALSE"}) {
    const bool is_truth = std::ranges::equal(
        text, truth, [](char c, char capital) { return (c & ~0x20) == capital; });
    if (is_truth) return std::string(truth);
  }
  return std::string(text);
}

}  // namespace

ClassName::ClassName(std::string_view name) : text_(name), order_(with_equal_truths(name)) {
  double number = 0;
  if (parse_number(name, number) != CellKind::kNumber) return;
  value_ = number;
  if (std::abs(number) < kInexactIntegers) return;
  digits_ = name.substr(name.find_first_not_of("+-0"));
}

bool ClassName::operator<(const ClassName& other) const {
  if (text_.empty() || other.text_.empty()) return !text_.empty();
  if (!value_ || !other.value_) {
    if (value_ || other.value_) return value_.has_value();
    return order_ < other.order_;
  }
  if (*value_ != *other.value_) return *value_ < *other.value_;
  // Integers of the same double have the same sign; the one with more digits is larger.
  const auto magnitude = std::pair(digits_.size(), std::string_view(digits_));
  const auto other_magnitude = std::pair(other.digits_.size(), std::string_view(other.digits_));
  return *value_ < 0 ? other_magnitude < magnitude : magnitude < other_magnitude;
}

}  // namespace nabla
