// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// Values that may be features: a std::vector, std::array or std::span of std::uint8_t, float or
/// double.
template <class Range>
concept FeatureRange = std::ranges::contiguous_range<Range> &&
    (std::same_as<std::ranges::range_value_t<Range>, std::uint8_t> ||
     std::same_as<std::ranges::range_value_t<Range>, float> ||
     std::same_as<std::ranges::range_value_t<Range>, double>);

/// Numbers that may be labels, of any integer type.
template <class Range>
concept LabelRange =
    std::ranges::input_range<const Range> && std::integral<std::ranges::range_value_t<Range>> &&
    !std::same_as<std::ranges::range_value_t<Range>, bool>;

template <FeatureRange Values>
using FeaturesOf = FeatureMatrix<std::ranges::range_value_t<Values>>;

/// Throws DataError if `values` values are not rows × cols, or if cols is 0.
void require_shape(std::size_t values, std::size_t rows, std::size_t cols);

/// The values [rows × cols], row after row, in place. The caller keeps them there and unchanged for
/// as long as the matrix, or a data set made of it, is used. Throws DataError if the number of
/// values is not rows × cols.
template <FeatureRange Values>
FeaturesOf<Values> borrow_features(Values&& values, std::size_t rows,
                                   std::size_t cols) requires std::ranges::borrowed_range<Values> {
  require_shape(std::ranges::size(values), rows, cols);
  return {{std::ranges::data(values), rows, cols}, nullptr};
}

/// The same as a copy, which the matrix owns.
template <FeatureRange Values>
FeaturesOf<Values> copy_features(const Values& values, std::size_t rows, std::size_t cols) {
  require_shape(std::ranges::size(values), rows, cols);
  Matrix<std::ranges::range_value_t<Values>> matrix(rows, cols);
  std::ranges::copy(values, matrix.data());
  return matrix;
}

/// Numbers that may be columns of entries, as SciPy's csr_matrix has them: a std::vector,
/// std::array or std::span of std::int32_t or std::uint32_t.
template <class Range>
concept ColumnRange = std::ranges::contiguous_range<Range> &&
    (std::same_as<std::ranges::range_value_t<Range>, std::int32_t> ||
     std::same_as<std::ranges::range_value_t<Range>, std::uint32_t>);

/// Throws DataError unless `starts` begin at 0, ascend and end at the number of columns, and these
/// ascend within each row and are below `cols`, at least 1.
void require_entries(std::span<const std::size_t> starts, std::span<const std::uint32_t> columns,
                     std::size_t cols);
/// Throws DataError if there are not so many values as columns.
void require_values(std::size_t values, std::size_t columns);

/// The starts as std::size_t. A negative one becomes the largest number, which is beyond all
/// entries.
template <LabelRange Starts>
std::vector<std::size_t> to_starts(const Starts& starts) {
  std::vector<std::size_t> converted;
  for (const auto start : starts)
    converted.push_back(std::in_range<std::size_t>(start)
                            ? static_cast<std::size_t>(start)
                            : std::numeric_limits<std::size_t>::max());
  return converted;
}

/// Sparse rows of `cols` columns whose entries stay in place, as SciPy's csr_matrix and others have
/// them: row i has the entries starts[i] … starts[i + 1] − 1 (`indptr`) of `columns` (`indices`,
/// sorted, none twice) and of `values` (`data`). `starts`, of any integer type, are copied; the
/// caller keeps columns and values there and unchanged for as long as the matrix, or a data set
/// made of it, is used. Throws DataError if they contradict each other.
template <LabelRange Starts, ColumnRange Columns, FeatureRange Values>
auto borrow_sparse(const Starts& starts, Columns&& columns, Values&& values,
                   std::size_t cols) requires std::ranges::borrowed_range<Columns> &&
    std::ranges::borrowed_range<Values> {
  // A signed and an unsigned integer of one size may stand for each other.
  const std::span<const std::uint32_t> unsigned_columns(
      reinterpret_cast<const std::uint32_t*>(std::ranges::data(columns)),
      std::ranges::size(columns));
  const std::vector<std::size_t> own_starts = to_starts(starts);
  require_entries(own_starts, unsigned_columns, cols);
  require_values(std::ranges::size(values), unsigned_columns.size());
  using T = std::ranges::range_value_t<Values>;
  const T* const first_value = std::ranges::data(values);
  return SparseMatrix<T>(own_starts, unsigned_columns.data(), first_value, cols, nullptr);
}

/// The same of entries whose values are all 1, in float.
template <LabelRange Starts, ColumnRange Columns>
SparseMatrix<float> borrow_sparse(const Starts& starts, Columns&& columns,
                                  std::size_t cols) requires std::ranges::borrowed_range<Columns> {
  const std::span<const std::uint32_t> unsigned_columns(
      reinterpret_cast<const std::uint32_t*>(std::ranges::data(columns)),
      std::ranges::size(columns));
  const std::vector<std::size_t> own_starts = to_starts(starts);
  require_entries(own_starts, unsigned_columns, cols);
  return SparseMatrix<float>(own_starts, unsigned_columns.data(), nullptr, cols, nullptr);
}

/// A data set of classes: labels[i], below the number of class names, is the class of row i.
/// Features are a FeatureMatrix or SparseMatrix from above or a Matrix of uint8_t, float or double.
/// Throws DataError naming the row if a label or the number of labels does not fit, or a feature is
/// infinite. A feature that is NaN is missing (DataOptions::missing).
Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::vector<std::string> classes);
/// The same with the class names "0" to classes − 1.
Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::size_t classes);

/// The labels as make_classification takes them. A label that no uint32_t can hold becomes the
/// largest one, which is beyond every class as well.
template <LabelRange Labels>
std::vector<std::uint32_t> to_labels(const Labels& labels) {
  std::vector<std::uint32_t> converted;
  for (const auto label : labels)
    converted.push_back(std::in_range<std::uint32_t>(label)
                            ? static_cast<std::uint32_t>(label)
                            : std::numeric_limits<std::uint32_t>::max());
  return converted;
}

/// The same from labels of any integer type.
template <LabelRange Labels>
Dataset make_classification(Dataset::Features features, const Labels& labels,
                            std::vector<std::string> classes) {
  return make_classification(std::move(features), to_labels(labels), std::move(classes));
}
template <LabelRange Labels>
Dataset make_classification(Dataset::Features features, const Labels& labels, std::size_t classes) {
  return make_classification(std::move(features), to_labels(labels), classes);
}

/// A data set of values: row i of targets [rows × outputs], row after row, belongs to row i of the
/// features; targets are copied. Throws DataError naming the row if the numbers of rows differ,
/// a feature is infinite, or a target is NaN or infinite. A feature that is NaN is missing.
Dataset make_regression(Dataset::Features features, std::span<const double> targets,
                        std::size_t outputs);

/// The same for multi-label: row i of labels [rows × outputs] says with 1 that row i has the label,
/// with 0 that it does not. Throws DataError also for another number.
Dataset make_multi_label(Dataset::Features features, std::span<const double> labels,
                         std::size_t outputs);

}  // namespace nabla
