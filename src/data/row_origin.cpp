// SPDX-License-Identifier: MIT
#include "nabla/data/row_origin.h"

#include <algorithm>
#include <utility>

namespace nabla {

RowOrigin::RowOrigin(std::vector<Run> runs)
    : runs_(std::make_shared<const std::vector<Run>>(std::move(runs))) {}

RowOrigin RowOrigin::slice(std::size_t first) const {
  RowOrigin result = *this;
  if (!empty()) result.first_ += first;
  return result;
}

RowOrigin RowOrigin::select(const std::vector<std::uint32_t>& rows) const {
  if (empty()) return {};
  std::vector<std::uint32_t> selected;
  selected.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    const std::size_t at = first_ + row;
    selected.push_back(rows_ ? (*rows_)[at] : static_cast<std::uint32_t>(at));
  }
  RowOrigin result;
  result.runs_ = runs_;
  result.rows_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(selected));
  return result;
}

std::string RowOrigin::place(std::size_t row) const {
  if (empty()) return "row " + std::to_string(row + 1);
  const std::size_t at = rows_ ? (*rows_)[first_ + row] : first_ + row;
  const Run& run = *(std::ranges::upper_bound(*runs_, at, {}, &Run::first_row) - 1);
  return run.file + (run.has_lines ? ":" : ": row ") +
         std::to_string(run.number + (at - run.first_row));
}

}  // namespace nabla
