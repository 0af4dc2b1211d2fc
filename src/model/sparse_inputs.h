// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/sparse_matrix.h"

#include "base/row_range.h"
#include "math/kernel_table.h"
#include "model/units.h"

namespace nabla {

/// The inputs a^0 of a mini-batch as entries: (column, value) pairs by ascending columns, all other
/// inputs being 0. Rows are written apart from each other, so several tasks may write some each.
template <class T>
class SparseInputs {
 public:
  SparseInputs() = default;
  /// Has room for so many rows and entries in all.
  SparseInputs(std::size_t rows, std::size_t entries)
      : rows_(rows), begins_(rows), columns_(entries), values_(entries) {}

  /// Bytes that it takes.
  static double bytes(std::size_t rows, std::size_t entries) {
    return static_cast<double>(rows * (sizeof(kernels::SparseTerms<T>) + sizeof(std::size_t))) +
           static_cast<double>(entries) * (sizeof(std::uint32_t) + sizeof(T));
  }

  /// Begins a mini-batch of so many rows, of which row r will have at most room(r) entries.
  template <class Room>
  void begin(std::size_t rows, Room room) {
    std::size_t next = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      begins_[r] = next;
      next += room(r);
    }
    assert(next <= columns_.size());
  }

  /// The room for row r's columns and values.
  std::uint32_t* columns(std::size_t r) { return columns_.data() + begins_[r]; }
  T* values(std::size_t r) { return values_.data() + begins_[r]; }
  /// Row r has these entries, which lie in its room or in memory that outlives the mini-batch.
  void set_row(std::size_t r, const SparseRow<T>& row) {
    rows_[r] = {row.columns.data(), row.values.data(), row.size()};
  }

  /// The rows as operands of products.
  const kernels::SparseTerms<T>* rows() const { return rows_.data(); }

 private:
  std::vector<kernels::SparseTerms<T>> rows_;
  std::vector<std::size_t> begins_;
  AlignedArray<std::uint32_t> columns_;
  AlignedArray<T> values_;
};

/// The entries of a mini-batch in some columns, and which columns those are. Has room for one
/// task's share, and is used again.
template <class T>
class TouchedColumns {
 public:
  /// For so many rows and columns, of which so many have entries at most.
  TouchedColumns(std::size_t rows, std::size_t columns, std::size_t most_touched)
      : rows_(rows), places_(columns, kUntouched), touched_(most_touched + 1) {}

  static double bytes(std::size_t rows, std::size_t columns, std::size_t most_touched) {
    return static_cast<double>(rows * sizeof(kernels::SparseTerms<T>) +
                               (columns + most_touched) * sizeof(std::uint32_t));
  }

  /// Takes the entries of the first rows of a mini-batch in some columns, in place of those taken
  /// before.
  void take(const SparseInputs<T>& inputs, std::size_t rows, UnitRange columns);
  /// Finds out which columns these are, in the order in which the rows first touch them.
  void list_touched();

  /// The rows, with these entries alone.
  const kernels::SparseTerms<T>* rows() const { return rows_.data(); }

  /// After list_touched: the columns, and the place of each one of those taken among them, or
  /// kUntouched.
  std::span<const std::uint32_t> touched() const { return std::span(touched_).first(size_); }
  const std::uint32_t* places() const { return places_.data(); }
  std::size_t first_column() const { return first_column_; }

  static constexpr std::uint32_t kUntouched = std::numeric_limits<std::uint32_t>::max();

 private:
  std::vector<kernels::SparseTerms<T>> rows_;
  std::size_t row_count_ = 0;
  std::size_t first_column_ = 0;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint32_t> touched_;
};

template <class T>
void TouchedColumns<T>::take(const SparseInputs<T>& inputs, std::size_t rows, UnitRange columns) {
  for (const std::uint32_t column : touched()) places_[column - first_column_] = kUntouched;
  size_ = 0;
  first_column_ = columns.first;
  row_count_ = rows;
  const std::size_t end = columns.first + columns.count;
  for (std::size_t r = 0; r < rows; ++r) {
    kernels::SparseTerms<T> row = inputs.rows()[r];
    const std::uint32_t* first = row.columns;
    const std::uint32_t* last = first + row.count;
    if (row.count > 0 && last[-1] >= end) last = std::lower_bound(first, last, end);
    if (first < last && *first < columns.first)
      first = std::lower_bound(first, last, columns.first);
    rows_[r] = {first, row.values + (first - row.columns), static_cast<std::size_t>(last - first)};
  }
}

template <class T>
void TouchedColumns<T>::list_touched() {
  // No branch depends on whether a column is new, which no processor could foresee.
  for (std::size_t r = 0; r < row_count_; ++r)
    for (std::size_t k = 0; k < rows_[r].count; ++k) {
      const std::uint32_t column = rows_[r].columns[k];
      std::uint32_t& place = places_[column - first_column_];
      const bool is_new = place == kUntouched;
      touched_[size_] = column;
      place = is_new ? static_cast<std::uint32_t>(size_) : place;
      size_ += is_new ? 1 : 0;
    }
}

}  // namespace nabla
