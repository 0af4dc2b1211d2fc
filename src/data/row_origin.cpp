// SPDX-License-Identifier: MIT
#include "nabla/data/row_origin.h"

#include <algorithm>
#include <utility>

namespace nabla {

RowOrigin::RowOrigin(std::vector<File> files)
    : files_(std::make_shared<const std::vector<File>>(std::move(files))) {}

RowOrigin RowOrigin::slice(std::size_t first) const {
  RowOrigin result = *this;
  result.first_ += first;
  return result;
}

RowOrigin RowOrigin::select(const std::vector<std::uint32_t>& rows) const {
  std::vector<std::uint32_t> selected;
  selected.reserve(rows.size());
  for (const std::uint32_t row : rows) selected.push_back(static_cast<std::uint32_t>(index(row)));
  RowOrigin result;
  result.files_ = files_;
  result.rows_ = std::make_shared<const std::vector<std::uint32_t>>(std::move(selected));
  return result;
}

std::string RowOrigin::place(std::size_t row) const {
  if (empty()) return "row " + std::to_string(row + 1);
  const std::size_t at = index(row);
  const File& file = *(std::ranges::upper_bound(*files_, at, {}, &File::first_row) - 1);
  if (file.runs.empty()) return file.name + ": row " + std::to_string(at - file.first_row + 1);
  const Run& run = *(std::ranges::upper_bound(file.runs, at, {}, &Run::first_row) - 1);
  return file.name + ":" + std::to_string(run.line + (at - run.first_row));
}

std::string RowOrigin::place(std::size_t row, const std::string& name) const {
  return (empty() ? name + ": " : "") + place(row);
}

}  // namespace nabla
