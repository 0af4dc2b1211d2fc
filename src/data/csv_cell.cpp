// SPDX-License-Identifier: MIT
#include "data/csv_cell.h"

#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>
#include <system_error>

#include "nabla/base/error.h"

namespace nabla {

namespace {

/// The cell as part of a message of one line: control characters replaced, cut to 40 bytes.
std::string printable(std::string_view cell) {
  constexpr std::size_t kLongest = 40;
  std::string text;
  for (const char c : cell.substr(0, kLongest))
    text += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  return cell.size() > kLongest ? text + "..." : text;
}

}  // namespace

CellKind parse_number(std::string_view cell, double& value) {
  if (cell.empty()) return CellKind::kEmpty;
  const char* first = cell.data();
  const char* const last = first + cell.size();
  if (*first == '+' && cell.size() > 1 && cell[1] != '-') ++first;
  double number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (end != last || error == std::errc::invalid_argument) return CellKind::kText;
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say whether the number is too large or too small for double; a stream
    // fails for the former only.
    std::istringstream stream(std::string(first, last));
    stream.imbue(std::locale::classic());
    if (!(stream >> number)) return CellKind::kOutOfRange;
  }
  if (!std::isfinite(number)) return CellKind::kNotFinite;
  value = number;
  return CellKind::kNumber;
}

bool is_numeric(std::string_view cell) {
  double ignored = 0;
  const CellKind kind = parse_number(cell, ignored);
  return kind != CellKind::kEmpty && kind != CellKind::kText;
}

std::string cell_place(const std::string& name, std::size_t line, std::size_t column,
                       std::span<const std::string> header) {
  std::string place = name + ":" + std::to_string(line) + ": column " + std::to_string(column + 1);
  if (!header.empty()) place += " (" + printable(header[column]) + ")";
  return place + ": ";
}

std::string quote_cell(std::string_view cell) { return "'" + printable(cell) + "'"; }

void throw_not_a_number(const std::string& place, CellKind kind, std::string_view cell) {
  switch (kind) {
    case CellKind::kEmpty:
      throw DataError(place + "the value is missing; expected a number");
    case CellKind::kNotFinite:
      throw DataError(place + "found " + quote_cell(cell) + "; expected a finite number");
    case CellKind::kOutOfRange:
      throw DataError(place + quote_cell(cell) +
                      " is out of range; expected a number of at most 1.8e308 in magnitude");
    default:
      throw DataError(place + quote_cell(cell) + " is not a number; expected one such as 1.5");
  }
}

}  // namespace nabla
