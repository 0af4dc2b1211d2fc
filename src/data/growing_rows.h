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
  /// Gives the rows more columns without a second table: calls move(from, to) for each row, the
  /// last one first, which has to move its elements from its old place to its new one. The new
  /// place does not begin before the old one, and the two may overlap.
  template <class Move>
  void widen(std::size_t cols, Move move) {
    const std::size_t old = cols_;
    take_cols(cols);
    for (std::size_t row = rows_; row-- > 0;)
      move(data_.get() + row * old, data_.get() + row * cols_);
  }
  /// Returns the rows as they are now; valid until the next change.
  FeatureMatrix<double> view() const { return {{data_.get(), rows_, cols_}, nullptr}; }
  /// Returns all rows and keeps none.
  FeatureMatrix<double> finish();

 private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  void resize(std::size_t rows);
  void take_cols(std::size_t cols);

  std::size_t cols_;
  std::size_t rows_ = 0;
  std::size_t capacity_ = 0;
  std::unique_ptr<double[], Free> data_;
};

}  // namespace nabla
