// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "nabla/base/matrix.h"
#include "nabla/base/random.h"

#include "math/gemm.h"

/// The naive twin of a matrix product.
namespace nabla::testing_support {

/// Draws numbers from U(−1, 1), for the padding, too.
template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols, std::size_t padding, Random& random) {
  Matrix<T> matrix(rows, cols, cols + padding);
  for (T& x : matrix.elements()) x = static_cast<T>(random.uniform(-1.0, 1.0));
  return matrix;
}

/// One element of alpha · (op(A) · op(B)) + beta · C; with beta 0 the old C is not read.
struct NaiveElement {
  long double value;
  long double bound;  ///< on its rounding error in T, whatever the order of the sum
};

template <class T>
NaiveElement naive_element(Op op_a, Op op_b, T alpha, std::type_identity_t<MatrixView<const T>> a,
                           std::type_identity_t<MatrixView<const T>> b, T beta, T old,
                           std::size_t row, std::size_t col) {
  const std::size_t inner = op_a == Op::kNone ? a.cols : a.rows;
  long double sum = 0, magnitude = 0;
  for (std::size_t k = 0; k < inner; ++k) {
    const long double x = op_a == Op::kNone ? a(row, k) : a(k, row);
    const long double y = op_b == Op::kNone ? b(k, col) : b(col, k);
    sum += x * y;
    magnitude += std::abs(x * y);
  }
  long double value = alpha * sum;
  magnitude *= std::abs(alpha);
  if (beta != T(0)) {
    value += static_cast<long double>(beta) * old;
    magnitude += std::abs(static_cast<long double>(beta) * old);
  }
  return {value,
          static_cast<long double>(inner + 2) * std::numeric_limits<T>::epsilon() * magnitude};
}

/// Returns whether `value` is the twin's within its bound, infinities and NaN included.
template <class T>
bool agrees(T value, const NaiveElement& twin) {
  if (std::isnan(twin.value)) return std::isnan(value);
  if (std::isinf(twin.value)) return static_cast<long double>(value) == twin.value;
  return std::abs(value - twin.value) <= twin.bound;
}

}  // namespace nabla::testing_support
