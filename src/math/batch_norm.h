// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <span>

#include "nabla/base/matrix.h"

#include "math/kernel_table.h"

/// The column-wise arithmetic of batch normalisation (Ioffe and Szegedy 2015), which keeps the
/// promises of nabla/math/elementwise.h. Matrices are [rows × units], spans have one element per
/// unit, and rows are added in ascending order.
namespace nabla::batch_norm {

/// Computes the mean and Σ_rows (z − mean)² of each column; rows ≥ 1.
template <class T>
void column_moments(MatrixView<const T> z, std::span<T> means, std::span<T> square_distances) {
  assert(z.rows > 0 && means.size() == z.cols && square_distances.size() == z.cols);
  kernels::current<T>().column_moments(z.data, z.stride, z.rows, z.cols, means.data(),
                                       square_distances.data());
}

/// z ← (z − mean) · inverse_deviation and y ← weight · z + bias.
template <class T>
void normalize(MatrixView<T> z, MatrixView<T> y, std::span<const T> mean,
               std::span<const T> inverse_deviation, std::span<const T> weight,
               std::span<const T> bias) {
  assert(z.rows == y.rows && z.cols == y.cols && mean.size() == z.cols &&
         inverse_deviation.size() == z.cols && weight.size() == z.cols && bias.size() == z.cols);
  kernels::current<T>().normalize(z.data, z.stride, y.data, y.stride, z.rows, z.cols, mean.data(),
                                  inverse_deviation.data(), weight.data(), bias.data());
}

/// Computes Σ_rows delta and Σ_rows delta · x of each column.
template <class T>
void column_sums_and_dots(MatrixView<const T> delta, MatrixView<const T> x, std::span<T> sums,
                          std::span<T> dots) {
  assert(delta.rows == x.rows && delta.cols == x.cols && sums.size() == x.cols &&
         dots.size() == x.cols);
  kernels::current<T>().column_sums_and_dots(delta.data, delta.stride, x.data, x.stride, x.rows,
                                             x.cols, sums.data(), dots.data());
}

/// delta ← factor · (delta − mean_delta − x · mean_dot).
template <class T>
void normalize_back(MatrixView<T> delta, MatrixView<const T> x, std::span<const T> factor,
                    std::span<const T> mean_delta, std::span<const T> mean_dot) {
  assert(delta.rows == x.rows && delta.cols == x.cols && factor.size() == x.cols &&
         mean_delta.size() == x.cols && mean_dot.size() == x.cols);
  kernels::current<T>().normalize_back(delta.data, delta.stride, x.data, x.stride, x.rows, x.cols,
                                       factor.data(), mean_delta.data(), mean_dot.data());
}

}  // namespace nabla::batch_norm
