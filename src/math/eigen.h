// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla {

/// The largest matrix that eigen_decompose takes: LAPACK counts its workspace in 32 bits.
inline constexpr std::size_t kMaxEigenOrder = 20000;
/// Bytes that it takes for a matrix of that order, the matrix included.
constexpr double eigen_memory(std::size_t order) {
  return 5.0 * sizeof(double) * static_cast<double>(order) * static_cast<double>(order);
}

/// Eigenvalues, ascending, of a symmetric matrix of finite elements [n × n] without padding, n at
/// most kMaxEigenOrder; row i of the matrix becomes the eigenvector of eigenvalue i, of length 1
/// and of either sign. On the calling thread alone, so the same bits for any number of threads;
/// another CPU kernel of OpenBLAS may give other last bits. Throws DataError where it does not
/// converge. By LAPACK's divide and conquer (Anderson et al., LAPACK Users' Guide).
std::vector<double> eigen_decompose(MatrixView<double> matrix);

}  // namespace nabla
