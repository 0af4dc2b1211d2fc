// SPDX-License-Identifier: MIT
#include "run/columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "nabla/base/error.h"

#include "data/csv_tokens.h"

namespace nabla {

Columns::Columns(const std::filesystem::path& file) {
  CsvTokens tokens = open_csv(file);
  if (!tokens.next_row())
    throw DataError(file.string() + ":1: is empty, expected a line with the names of its columns");
  names_.assign(tokens.cells().begin(), tokens.cells().end());
  while (tokens.next_row())
    if (tokens.cells().size() == names_.size())
      rows_.emplace_back(tokens.cells().begin(), tokens.cells().end());
}

std::optional<std::size_t> Columns::index_of(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::string Columns::text(std::size_t row, std::string_view name) const {
  const auto index = index_of(name);
  return index ? rows_[row][*index] : "";
}

std::optional<double> Columns::number(std::size_t row, std::string_view name) const {
  return to_number(text(row, name));
}

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace nabla
