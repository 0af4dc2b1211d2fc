// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

#include "nabla/data/feature_matrix.h"

namespace nabla {

/// Rows of doubles whose number is not known beforehand. Grows by realloc, which moves large blocks
/// by their page tables, so that there are never two copies of the table, as with a vector and a
/// matrix made of it. Throws std::bad_alloc.
class GrowingRows {
 public:
  explicit GrowingRows(std::size_t cols) : cols_(cols) {}

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  /// Adds a row and returns it, to be written before the next call.
  double* add_row();
  double& operator()(std::size_t row, std::size_t col) { return data_[row * cols_ + col]; }
  double operator()(std::size_t row, std::size_t col) const { return data_[row * cols_ + col]; }
  /// Returns all rows and keeps none.
  FeatureMatrix<double> finish();

 private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  void resize(std::size_t rows);

  std::size_t cols_;
  std::size_t rows_ = 0;
  std::size_t capacity_ = 0;
  std::unique_ptr<double[], Free> data_;
};

}  // namespace nabla
