// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// Whether features may be of type T.
template <class T>
inline constexpr bool kIsFeature =
    std::is_same_v<T, std::uint8_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;

/// An element type that features may have, const or not.
template <class T>
concept Feature = kIsFeature<std::remove_const_t<T>>;

/// An element type that labels may have, const or not.
template <class T>
concept Label = std::integral<T> && !std::same_as<std::remove_const_t<T>, bool>;

/// Throws DataError if `values` values are not rows × cols, or if cols is 0.
void require_shape(std::size_t values, std::size_t rows, std::size_t cols);

/// values [rows × cols], row after row, where they lie. The caller keeps them in place and
/// unchanged for as long as the matrix, or a data set made of it, is used. Throws DataError if
/// the number of values is not rows × cols.
template <Feature T, std::size_t N>
FeatureMatrix<std::remove_const_t<T>> borrow_features(std::span<T, N> values, std::size_t rows,
                                                      std::size_t cols) {
  require_shape(values.size(), rows, cols);
  return {{values.data(), rows, cols}, nullptr};
}

/// The same as a copy, which the matrix owns.
template <Feature T, std::size_t N>
FeatureMatrix<std::remove_const_t<T>> copy_features(std::span<T, N> values, std::size_t rows,
                                                    std::size_t cols) {
  require_shape(values.size(), rows, cols);
  Matrix<std::remove_const_t<T>> matrix(rows, cols);
  std::ranges::copy(values, matrix.data());
  return matrix;
}

/// A data set of classes: labels[i], below the number of class names, is the class of row i.
/// Features are a FeatureMatrix from above or a Matrix of uint8_t, float or double. Throws
/// DataError naming the row if a label or the number of labels does not fit, or a feature is
/// NaN or infinite.
Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::vector<std::string> classes);
/// The same with the class names "0" to classes − 1.
Dataset make_classification(Dataset::Features features, std::vector<std::uint32_t> labels,
                            std::size_t classes);

/// The same from labels of any integer type, classes being a number or names.
template <Label T, std::size_t N, class Classes>
Dataset make_classification(Dataset::Features features, std::span<T, N> labels, Classes classes) {
  std::vector<std::uint32_t> converted(labels.size());
  std::ranges::transform(labels, converted.begin(), [](T label) {
    // A label that no uint32_t can hold is beyond every class as well.
    return std::in_range<std::uint32_t>(label) ? static_cast<std::uint32_t>(label)
                                               : std::numeric_limits<std::uint32_t>::max();
  });
  return make_classification(std::move(features), std::move(converted), std::move(classes));
}

/// A data set of values: row i of targets [rows × outputs], row after row, belongs to row i of the
/// features; targets are copied. Throws DataError naming the row if the numbers of rows differ,
/// or a feature or target is NaN or infinite.
Dataset make_regression(Dataset::Features features, std::span<const double> targets,
                        std::size_t outputs);

}  // namespace nabla
