// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/feature_matrix.h"
#include "nabla/data/sparse_matrix.h"

namespace nabla {

// Rows of features read in one way, whether all their numbers are stored or their entries alone.

/// Whether a matrix of features is a SparseMatrix.
template <class Features>
inline constexpr bool kIsSparse = false;
template <class T>
inline constexpr bool kIsSparse<SparseMatrix<T>> = true;

/// The type of the numbers of a matrix of features.
template <class T>
T element_of(const FeatureMatrix<T>&);
template <class T>
T element_of(const SparseMatrix<T>&);
template <class Features>
using ElementOf = decltype(element_of(std::declval<Features>()));

/// Calls use(column, value) for each number of a row that is stored, by ascending columns.
template <class T, class Use>
void for_each_entry(std::span<const T> row, Use use) {
  for (std::size_t j = 0; j < row.size(); ++j) use(j, row[j]);
}
template <class T, class Use>
void for_each_entry(const SparseRow<T>& row, Use use) {
  for (std::size_t k = 0; k < row.size(); ++k) use(std::size_t{row.columns[k]}, row.value(k));
}

/// to ← all numbers of a row, as many as it has columns.
template <class T, class Y>
void copy_row(std::span<const T> row, std::span<Y> to) {
  for (std::size_t j = 0; j < to.size(); ++j) to[j] = static_cast<Y>(row[j]);
}
template <class T, class Y>
void copy_row(const SparseRow<T>& row, std::span<Y> to) {
  std::ranges::fill(to, Y(0));
  for (std::size_t k = 0; k < row.size(); ++k) to[row.columns[k]] = static_cast<Y>(row.value(k));
}

/// Returns the number of row `row` and column `column`.
template <class T>
T number_at(const FeatureMatrix<T>& features, std::size_t row, std::size_t column) {
  return features(row, column);
}
template <class T>
T number_at(const SparseMatrix<T>& features, std::size_t row, std::size_t column) {
  const SparseRow<T> entries = features.row(row);
  const auto found = std::ranges::lower_bound(entries.columns, column);
  if (found == entries.columns.end() || *found != column) return T(0);
  return entries.value(static_cast<std::size_t>(found - entries.columns.begin()));
}

/// Returns whether two rows have the same numbers by are_same(x, y), whether they store their zeros
/// or not.
template <class A, class B, class AreSame>
bool have_same_numbers(const SparseRow<A>& a, const SparseRow<B>& b, AreSame are_same) {
  const auto skip_zeros = [](const auto& row, std::size_t k) {
    while (k < row.size() && row.value(k) == 0) ++k;
    return k;
  };
  std::size_t i = skip_zeros(a, 0);
  std::size_t j = skip_zeros(b, 0);
  while (i < a.size() && j < b.size()) {
    if (a.columns[i] != b.columns[j] || !are_same(a.value(i), b.value(j))) return false;
    i = skip_zeros(a, i + 1);
    j = skip_zeros(b, j + 1);
  }
  return i == a.size() && j == b.size();
}

/// Returns all numbers of a row of the data, in double.
inline std::vector<double> row_of_features(const Dataset& data, std::size_t row) {
  std::vector<double> numbers(data.inputs());
  std::visit([&](const auto& features) { copy_row(features.row(row), std::span(numbers)); },
             data.features);
  return numbers;
}

/// Returns whether the rows keep their entries alone.
inline bool is_sparse(const Dataset& data) {
  return std::visit([]<class Features>(const Features&) { return kIsSparse<Features>; },
                    data.features);
}

}  // namespace nabla
