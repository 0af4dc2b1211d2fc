// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

#include "nabla/data/feature_matrix.h"

namespace nabla {

/// Rows of doubles whose number is not known beforehand. Grows by realloc, which moves large
/// blocks by their page tables: at no time are there two copies of the table, as a vector and a
/// matrix made of it would be. Throws std::bad_alloc.
class GrowingRows {
 public:
  explicit GrowingRows(std::size_t cols) : cols_(cols) {}

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  /// Room for one more row, to be written; until the next call.
  double* add_row();
  /// All rows; none are left here.
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
