// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla {

/// A read-only [rows × cols] matrix whose rows lie in memory that it shares: an owned Matrix, a
/// memory-mapped file, or memory of the caller. A value; copies, slices and selections share the
/// elements and keep their owner alive. One row is contiguous; the matrix as a whole need not be,
/// so it is read row by row. May be read from several threads at once.
template <class T>
class FeatureMatrix {
 public:
  FeatureMatrix() = default;
  FeatureMatrix(Matrix<T> matrix) {  // NOLINT: a matrix is one
    auto owner = std::make_shared<const Matrix<T>>(std::move(matrix));
    const MatrixView<const T> rows = owner->view();
    *this = FeatureMatrix(rows, std::move(owner));
  }
  /// `owner` keeps the memory of the rows alive. Null: the caller does, for as long as this matrix
  /// or one that came from it is used; the elements must not change meanwhile. `is_mapped` says
  /// that they lie in a memory-mapped file.
  FeatureMatrix(MatrixView<const T> rows, std::shared_ptr<const void> owner, bool is_mapped = false)
      : first_row_(rows.data),
        rows_(rows.rows),
        cols_(rows.cols),
        stride_(rows.stride),
        is_mapped_(is_mapped),
        owner_(std::move(owner)) {}

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  /// Whether all rows lie in memory-mapped files.
  bool is_mapped() const { return is_mapped_; }

  std::span<const T> row(std::size_t index) const { return {row_start(index), cols_}; }
  const T& operator()(std::size_t row, std::size_t col) const {
    assert(col < cols_);
    return row_start(row)[col];
  }

  /// Rows [first, first + count); no element is copied.
  FeatureMatrix slice(std::size_t first, std::size_t count) const {
    assert(first + count <= rows_);
    FeatureMatrix result = *this;
    result.rows_ = count;
    if (count == 0) return result;
    if (row_table_ != nullptr)
      result.row_table_ += first;
    else
      result.first_row_ += first * stride_;
    return result;
  }

  /// The named rows, in that order; no element is copied, but a table of row addresses is made.
  FeatureMatrix select(std::span<const std::uint32_t> rows) const {
    std::vector<const T*> table;
    table.reserve(rows.size());
    for (const std::uint32_t row : rows) table.push_back(row_start(row));
    return FeatureMatrix(std::move(table), {owner_}, cols_, is_mapped_);
  }

  /// The rows of all parts, one part after the other, as select makes them. The parts have the
  /// same number of columns.
  static FeatureMatrix join(std::span<const FeatureMatrix> parts) {
    if (parts.empty()) return {};
    std::vector<const T*> table;
    std::vector<std::shared_ptr<const void>> owners;
    bool is_mapped = true;
    for (const FeatureMatrix& part : parts) {
      assert(part.cols_ == parts.front().cols_);
      for (std::size_t row = 0; row < part.rows_; ++row) table.push_back(part.row_start(row));
      owners.push_back(part.owner_);
      is_mapped = is_mapped && part.is_mapped_;
    }
    return FeatureMatrix(std::move(table), std::move(owners), parts.front().cols_, is_mapped);
  }

 private:
  /// The addresses of rows that do not follow each other at one distance, and who owns the rows.
  struct Table {
    std::vector<const T*> rows;
    std::vector<std::shared_ptr<const void>> owners;
  };

  FeatureMatrix(std::vector<const T*> rows, std::vector<std::shared_ptr<const void>> owners,
                std::size_t cols, bool is_mapped)
      : rows_(rows.size()), cols_(cols), stride_(cols), is_mapped_(is_mapped) {
    auto table = std::make_shared<const Table>(Table{std::move(rows), std::move(owners)});
    row_table_ = table->rows.data();
    owner_ = std::move(table);
  }

  const T* row_start(std::size_t row) const {
    assert(row < rows_);
    return row_table_ != nullptr ? row_table_[row] : first_row_ + row * stride_;
  }

  const T* first_row_ = nullptr;
  /// One address per row if there is a table, else null.
  const T* const* row_table_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
  bool is_mapped_ = false;
  std::shared_ptr<const void> owner_;
};

}  // namespace nabla
