// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla {

/// The largest matrix that eigen_decompose takes: LAPACK counts its workspace in 32 bits.
inline constexpr std::size_t kMaxEigenOrder = 20000;
/// Returns the bytes that eigen_decompose takes for a matrix of that order, the matrix included.
constexpr double eigen_memory(std::size_t order) {
  return 5.0 * sizeof(double) * static_cast<double>(order) * static_cast<double>(order);
}

/// Returns the eigenvalues, in ascending order, of a symmetric matrix of finite elements [n × n]
/// without padding, n at most kMaxEigenOrder. Row i of the matrix becomes the eigenvector of
/// eigenvalue i, of length 1 and of either sign. Works on the calling thread alone, so that the
/// bits do not depend on the number of threads; another CPU kernel of OpenBLAS may give other last
/// bits. Throws DataError if the method, LAPACK's divide and conquer, does not converge (Anderson
/// et al., LAPACK Users' Guide).
std::vector<double> eigen_decompose(MatrixView<double> matrix);

}  // namespace nabla
