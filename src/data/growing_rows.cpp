// SPDX-License-Identifier: MIT
#include "data/growing_rows.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <new>
#include <utility>

#include "base/memory.h"

namespace nabla {

void GrowingRows::resize(std::size_t rows) {
  constexpr std::size_t kMost = std::numeric_limits<std::ptrdiff_t>::max() / sizeof(double);
  if (rows > kMost / std::max<std::size_t>(cols_, 1)) throw std::bad_alloc();
  const std::size_t bytes = std::max<std::size_t>(rows * cols_ * sizeof(double), 1);
  auto* const grown = static_cast<double*>(std::realloc(data_.get(), bytes));
  if (grown == nullptr) throw std::bad_alloc();
  static_cast<void>(data_.release());  // realloc owns it now
  data_.reset(grown);
  if (rows_ == 0) prefer_huge_pages(grown, bytes);
  capacity_ = rows;
}

/// Makes room for rows of so many columns and leaves all elements where they are.
void GrowingRows::take_cols(std::size_t cols) {
  assert(cols >= cols_);
  cols_ = cols;
  resize(rows_);
  prefer_huge_pages(data_.get(), rows_ * cols_ * sizeof(double));
}

double* GrowingRows::add_row() {
  if (rows_ == capacity_) resize(rows_ + std::max<std::size_t>(rows_ / 2, 64));
  return data_.get() + rows_++ * cols_;
}

FeatureMatrix<double> GrowingRows::finish() {
  resize(rows_);
  const MatrixView<const double> view(data_.get(), rows_, cols_);
  std::shared_ptr<const double[]> owner(std::move(data_));
  rows_ = capacity_ = 0;
  return {view, std::move(owner)};
}

}  // namespace nabla
