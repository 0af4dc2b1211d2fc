// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"

#include "base/row_range.h"
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
      : begins_(rows), ends_(rows), columns_(entries), values_(entries) {}

  /// Bytes that it takes.
  static double bytes(std::size_t rows, std::size_t entries) {
    return static_cast<double>(2 * rows * sizeof(std::size_t)) +
           static_cast<double>(entries) * (sizeof(std::uint32_t) + sizeof(T));
  }

  /// Begins a mini-batch of so many rows, of which row r will have at most room(r) entries.
  template <class Room>
  void begin(std::size_t rows, Room room) {
    std::size_t next = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      begins_[r] = ends_[r] = next;
      next += room(r);
    }
    assert(next <= columns_.size());
  }

  /// Row r's entries are written to these two arrays, then their number is set.
  std::uint32_t* columns(std::size_t r) { return columns_.data() + begins_[r]; }
  T* values(std::size_t r) { return values_.data() + begins_[r]; }
  void set_size(std::size_t r, std::size_t entries) { ends_[r] = begins_[r] + entries; }

  std::size_t size(std::size_t r) const { return ends_[r] - begins_[r]; }
  std::span<T> values_of(std::size_t r) { return {values(r), size(r)}; }
  std::span<const std::uint32_t> columns_of(std::size_t r) const {
    return {columns_.data() + begins_[r], size(r)};
  }

  /// As the operands of a product want them: entry k of all arrays, row r's from begins()[r] to
  /// below ends()[r].
  const std::size_t* begins() const { return begins_.data(); }
  const std::size_t* ends() const { return ends_.data(); }
  const std::uint32_t* columns() const { return columns_.data(); }
  const T* values() const { return values_.data(); }

 private:
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> ends_;
  AlignedArray<std::uint32_t> columns_;
  AlignedArray<T> values_;
};

/// The entries of a mini-batch by their columns: for each column that has some, in the order in
/// which the rows first touch it, the rows and values, rows ascending. Has room for one task's
/// share, and is used again.
template <class T>
class EntriesByColumn {
 public:
  /// For so many columns and entries.
  EntriesByColumn(std::size_t columns, std::size_t entries)
      : next_(columns),
        touched_(entries + 1),
        begins_(entries),
        ends_(entries),
        rows_(entries),
        values_(entries) {}

  static double bytes(std::size_t columns, std::size_t entries) {
    return static_cast<double>(columns * sizeof(std::uint32_t)) +
           static_cast<double>(entries) *
               (2 * sizeof(std::uint32_t) + 2 * sizeof(std::size_t) + sizeof(T));
  }

  /// Takes the entries of some rows and columns of a mini-batch in place of those taken before.
  void take(const SparseInputs<T>& inputs, RowRange rows, UnitRange columns);

  /// Columns that have entries.
  std::size_t size() const { return size_; }
  /// The place of a column in touched() plus 1; 0 if it has no entries.
  std::size_t place_after(std::size_t column) const { return next_[column - first_column_]; }
  const std::uint32_t* touched() const { return touched_.data(); }
  /// Column touched()[i] has the entries begins()[i] … ends()[i] − 1.
  const std::size_t* begins() const { return begins_.data(); }
  const std::size_t* ends() const { return ends_.data(); }
  const std::uint32_t* rows() const { return rows_.data(); }
  const T* values() const { return values_.data(); }

 private:
  std::size_t size_ = 0;
  std::size_t first_column_ = 0;
  /// By column: while entries are taken their number, then where the next one goes; else
  /// place_after.
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> rows_;
  std::vector<T> values_;
};

template <class T>
void EntriesByColumn<T>::take(const SparseInputs<T>& inputs, RowRange rows, UnitRange columns) {
  assert(columns.count <= next_.size());
  for (std::size_t i = 0; i < size_; ++i) next_[touched_[i] - first_column_] = 0;
  first_column_ = columns.first;
  const auto for_each = [&](auto use) {
    for (std::size_t r = rows.first; r < rows.first + rows.count; ++r) {
      const std::span<const std::uint32_t> in_row = inputs.columns_of(r);
      const auto first = static_cast<std::uint32_t>(columns.first);
      const auto place_of = [&](std::size_t column) {
        return static_cast<std::size_t>(std::ranges::lower_bound(in_row, column) - in_row.begin());
      };
      std::size_t k = 0, end = in_row.size();
      if (end > 0 && in_row.front() < columns.first) k = place_of(columns.first);
      if (end > 0 && in_row.back() >= columns.first + columns.count)
        end = place_of(columns.first + columns.count);
      for (const std::size_t begin = inputs.begins()[r]; k < end; ++k)
        use(r, in_row[k] - first, begin + k);
    }
  };
  // No branch depends on whether a column is new, which no processor could foresee.
  std::size_t size = 0;
  for_each([&](std::size_t, std::uint32_t column, std::size_t) {
    touched_[size] = column;
    size += next_[column] == 0 ? 1 : 0;
    ++next_[column];
  });
  size_ = size;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < size; ++i) {
    std::uint32_t& next = next_[touched_[i]];
    begins_[i] = begin;
    const std::uint32_t end = begin + next;
    ends_[i] = end;
    next = begin;
    begin = end;
  }
  for_each([&](std::size_t r, std::uint32_t column, std::size_t entry) {
    const std::uint32_t at = next_[column]++;
    rows_[at] = static_cast<std::uint32_t>(r);
    values_[at] = inputs.values()[entry];
  });
  for (std::size_t i = 0; i < size; ++i) {
    next_[touched_[i]] = static_cast<std::uint32_t>(i + 1);
    touched_[i] += static_cast<std::uint32_t>(columns.first);
  }
}

}  // namespace nabla
