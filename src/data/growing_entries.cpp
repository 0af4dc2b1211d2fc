// SPDX-License-Identifier: MIT
#include "data/growing_entries.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace nabla {

namespace {

bool float_holds(double value) {
  // The conversion of a number beyond float's range is undefined.
  return std::abs(value) <= std::numeric_limits<float>::max() &&
         static_cast<double>(static_cast<float>(value)) == value;
}

template <class T, class From>
std::vector<T> converted(std::vector<From> values) {
  if constexpr (std::is_same_v<T, From>)
    return values;
  else
    return {values.begin(), values.end()};
}

}  // namespace

void GrowingEntries::end_block() {
  Block block;
  block.starts.reserve(ends_.size() + 1);
  block.starts.push_back(0);
  block.starts.insert(block.starts.end(), ends_.begin(), ends_.end());
  block.columns.assign(columns_.begin(), columns_.end());
  if (std::ranges::all_of(values_, [](double x) { return x == 1; })) {
    block.values = std::vector<float>();
  } else if (std::ranges::all_of(values_, float_holds)) {
    std::vector<float> values(values_.size());
    std::ranges::transform(values_, values.begin(), [](double x) { return static_cast<float>(x); });
    block.values = std::move(values);
  } else {
    block.values = std::vector<double>(values_.begin(), values_.end());
    fits_float_ = false;
  }
  blocks_.push_back(std::move(block));
  rows_ += ends_.size();
  entries_ += columns_.size();
  columns_.clear();
  values_.clear();
  ends_.clear();
}

template <class T>
SparseMatrix<T> GrowingEntries::join_blocks(std::size_t cols) {
  std::vector<SparseMatrix<T>> parts;
  for (Block& block : blocks_) {
    std::vector<T> values =
        std::visit([](auto& stored) { return converted<T>(std::move(stored)); }, block.values);
    parts.emplace_back(block.starts, std::move(block.columns), std::move(values), cols);
    block = {};
  }
  return SparseMatrix<T>::join(parts);
}

Dataset::Features GrowingEntries::finish(std::size_t cols) {
  if (blocks_.empty() || !ends_.empty()) end_block();
  columns_.shrink_to_fit();
  values_.shrink_to_fit();
  ends_.shrink_to_fit();
  Dataset::Features features = fits_float_ ? Dataset::Features(join_blocks<float>(cols))
                                           : Dataset::Features(join_blocks<double>(cols));
  *this = {};
  return features;
}

}  // namespace nabla
