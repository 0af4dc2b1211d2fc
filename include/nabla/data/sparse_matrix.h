// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace nabla {

/// The entries of a sparse row: all columns that have none are 0.
template <class T>
struct SparseRow {
  std::span<const std::uint32_t> columns;  ///< ascending, none twice
  std::span<const T> values;               ///< one for each column; none if all are 1

  std::size_t size() const { return columns.size(); }
  T value(std::size_t entry) const { return values.empty() ? T(1) : values[entry]; }
};

/// A read-only [rows × cols] matrix of which each row keeps its entries alone, as (column, value)
/// pairs in memory that it shares: its own or the caller's. A value; copies, slices and selections
/// share the entries and keep their owner alive, at the cost of 24 bytes per row. May be read from
/// several threads at once.
template <class T>
class SparseMatrix {
 public:
  SparseMatrix() = default;

  /// Row i has the entries starts[i] … starts[i + 1] − 1 of `columns`, which ascend within a row
  /// and are below `cols`, and of `values`, which may have none if all are 1.
  SparseMatrix(const std::vector<std::size_t>& starts, std::vector<std::uint32_t> columns,
               std::vector<T> values, std::size_t cols)
      : cols_(cols) {
    assert(!starts.empty() && starts.back() == columns.size());
    assert(values.empty() || values.size() == columns.size());
    struct Arrays {
      std::vector<std::uint32_t> columns;
      std::vector<T> values;
    };
    auto arrays = std::make_shared<const Arrays>(Arrays{std::move(columns), std::move(values)});
    *this = SparseMatrix(starts, arrays->columns.data(),
                         arrays->values.empty() ? nullptr : arrays->values.data(), cols, arrays);
  }
  /// The same of arrays that `owner` keeps alive, `values` null if all are 1. Without an owner the
  /// caller does, for as long as this matrix or one that came from it is used; the elements must
  /// not change meanwhile.
  SparseMatrix(std::span<const std::size_t> starts, const std::uint32_t* columns, const T* values,
               std::size_t cols, std::shared_ptr<const void> owner)
      : cols_(cols) {
    std::vector<Entries> rows;
    rows.reserve(starts.size() - 1);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      rows.push_back({columns + starts[i], values == nullptr ? nullptr : values + starts[i],
                      starts[i + 1] - starts[i]});
    set_rows(std::move(rows), {std::move(owner)});
  }
  /// The same of rows of `per_row` entries each.
  SparseMatrix(std::size_t rows, std::size_t per_row, const std::uint32_t* columns, const T* values,
               std::size_t cols, std::shared_ptr<const void> owner)
      : cols_(cols) {
    std::vector<Entries> table(rows);
    for (std::size_t i = 0; i < rows; ++i)
      table[i] = {columns + i * per_row, values == nullptr ? nullptr : values + i * per_row,
                  per_row};
    set_rows(std::move(table), {std::move(owner)});
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  /// Entries are never read from a mapped file.
  bool is_mapped() const { return false; }

  SparseRow<T> row(std::size_t index) const {
    assert(index < rows_);
    const Entries& row = first_row_[index];
    return {
        {row.columns, row.size},
        row.values == nullptr ? std::span<const T>() : std::span<const T>(row.values, row.size)};
  }
  /// The entries of all rows.
  std::size_t entries() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < rows_; ++i) sum += first_row_[i].size;
    return sum;
  }

  /// Rows [first, first + count).
  SparseMatrix slice(std::size_t first, std::size_t count) const {
    assert(first + count <= rows_);
    SparseMatrix result = *this;
    result.first_row_ += first;
    result.rows_ = count;
    return result;
  }

  /// The named rows, in that order.
  SparseMatrix select(std::span<const std::uint32_t> rows) const {
    std::vector<Entries> table;
    table.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      assert(row < rows_);
      table.push_back(first_row_[row]);
    }
    SparseMatrix result;
    result.cols_ = cols_;
    result.set_rows(std::move(table), owners());
    return result;
  }

  /// The rows of all parts, one part after the other. The parts have the same number of columns.
  static SparseMatrix join(std::span<const SparseMatrix> parts) {
    SparseMatrix result;
    if (parts.empty()) return result;
    std::vector<Entries> table;
    std::vector<std::shared_ptr<const void>> owners;
    for (const SparseMatrix& part : parts) {
      assert(part.cols_ == parts.front().cols_);
      table.insert(table.end(), part.first_row_, part.first_row_ + part.rows_);
      const std::vector<std::shared_ptr<const void>> of_part = part.owners();
      owners.insert(owners.end(), of_part.begin(), of_part.end());
    }
    result.cols_ = parts.front().cols_;
    result.set_rows(std::move(table), std::move(owners));
    return result;
  }

 private:
  /// Where the entries of a row lie.
  struct Entries {
    const std::uint32_t* columns;
    const T* values;  ///< null if all are 1
    std::size_t size;
  };
  /// The places of all rows, and who owns the entries.
  struct Table {
    std::vector<Entries> rows;
    std::vector<std::shared_ptr<const void>> owners;
  };

  void set_rows(std::vector<Entries> rows, std::vector<std::shared_ptr<const void>> owners) {
    rows_ = rows.size();
    table_ = std::make_shared<const Table>(Table{std::move(rows), std::move(owners)});
    first_row_ = table_->rows.data();
  }
  /// The owners of the entries alone, so that the places of rows that were left out are not kept.
  std::vector<std::shared_ptr<const void>> owners() const {
    return table_ == nullptr ? std::vector<std::shared_ptr<const void>>() : table_->owners;
  }

  const Entries* first_row_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::shared_ptr<const Table> table_;
};

}  // namespace nabla
