// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/sparse_matrix.h"

namespace nabla {

/// Sparse rows whose number and entries are not known beforehand. Keeps them in blocks of about a
/// million entries, none larger than its entries ask for, so that there are never two copies of
/// all, as with a vector that grows. Throws std::bad_alloc.
class GrowingEntries {
 public:
  /// Adds an entry to the row that is being made. Columns ascend; values are finite and not 0.
  void add(std::uint32_t column, double value) {
    columns_.push_back(column);
    values_.push_back(value);
  }
  /// Ends the row; the next entry is the first of another row.
  void end_row() {
    ends_.push_back(columns_.size());
    if (columns_.size() >= kBlockEntries) end_block();
  }
  std::size_t rows() const { return rows_ + ends_.size(); }
  std::size_t entries() const { return entries_ + columns_.size(); }

  /// Returns all rows, of `cols` columns, and keeps none: in float if it holds each value exactly,
  /// else in double. A block whose values are all 1 has no values.
  Dataset::Features finish(std::size_t cols);

 private:
  static constexpr std::size_t kBlockEntries = std::size_t{1} << 20;

  struct Block {
    std::vector<std::size_t> starts;
    std::vector<std::uint32_t> columns;
    /// None if all are 1.
    std::variant<std::vector<float>, std::vector<double>> values;
  };

  void end_block();
  template <class T>
  SparseMatrix<T> join_blocks(std::size_t cols);

  std::vector<Block> blocks_;
  bool fits_float_ = true;  ///< float holds the values of all blocks
  std::size_t rows_ = 0;    ///< of all blocks
  std::size_t entries_ = 0;
  // The rows of the block that is being made.
  std::vector<std::uint32_t> columns_;
  std::vector<double> values_;
  std::vector<std::size_t> ends_;  ///< where the entries of each row end
};

}  // namespace nabla
