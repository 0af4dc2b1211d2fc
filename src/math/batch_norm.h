// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "nabla/base/matrix.h"

/// The column-wise arithmetic of batch normalisation (Ioffe and Szegedy 2015), as vectorised as
/// nabla/math/elementwise.h and with its promises. Matrices are [rows × units], spans have one
/// element per unit, and rows are added in ascending order.
namespace nabla::batch_norm {

/// Mean and Σ_rows (z − mean)² of each column; rows ≥ 1.
template <class T>
void column_moments(MatrixView<const T> z, std::span<T> means, std::span<T> square_distances);

/// z ← (z − mean) · inverse_deviation and y ← weight · z + bias.
template <class T>
void normalize(MatrixView<T> z, MatrixView<T> y, std::span<const T> mean,
               std::span<const T> inverse_deviation, std::span<const T> weight,
               std::span<const T> bias);

/// Σ_rows delta and Σ_rows delta · x of each column.
template <class T>
void column_sums_and_dots(MatrixView<const T> delta, MatrixView<const T> x, std::span<T> sums,
                          std::span<T> dots);

/// delta ← factor · (delta − mean_delta − x · mean_dot).
template <class T>
void normalize_back(MatrixView<T> delta, MatrixView<const T> x, std::span<const T> factor,
                    std::span<const T> mean_delta, std::span<const T> mean_dot);

}  // namespace nabla::batch_norm
