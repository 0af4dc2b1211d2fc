// SPDX-License-Identifier: MIT
#include "math/eigen.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <span>
#include <string>

#include "nabla/base/error.h"

#include "math/gemm.h"

// OpenBLAS contains LAPACK, but installs no header for it; a liblapack beside it would bring a BLAS
// of its own. The last argument is the length of the text, which Fortran passes. dsyevd is made of
// these three, but needs the Fortran run-time library to link.
extern "C" {
void dsytrd_(const char* triangle, const int* n, double* a, const int* stride, double* diagonal,
             double* beside, double* tau, double* work, const int* work_size, int* info,
             std::size_t length);
void dorgtr_(const char* triangle, const int* n, double* a, const int* stride, const double* tau,
             double* work, const int* work_size, int* info, std::size_t length);
void dstedc_(const char* job, const int* n, double* diagonal, double* beside, double* vectors,
             const int* stride, double* work, const int* work_size, int* integers,
             const int* integers_size, int* info, std::size_t length);
}

namespace nabla {

namespace {

/// Multiplies the elements by a power of two, which is exact and brings the largest near 1:
/// products of very large or small elements would leave the range of double. Returns the exponent.
int bring_near_one(MatrixView<double> matrix) {
  double largest = 0;
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (const double x : matrix.row(i)) largest = std::max(largest, std::abs(x));
  if (largest == 0) return 0;
  const int exponent = -std::ilogb(largest);
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (double& x : matrix.row(i)) x = std::scalbn(x, exponent);
  return exponent;
}

}  // namespace

std::vector<double> eigen_decompose(MatrixView<double> matrix) {
  assert(matrix.rows == matrix.cols && matrix.stride == matrix.cols);
  assert(matrix.rows <= kMaxEigenOrder);
  if (matrix.rows == 0) return {};
  prepare_blas();
  const int exponent = bring_near_one(matrix);
  const auto n = static_cast<int>(matrix.rows);
  const auto log_n = std::bit_width(matrix.rows);
  std::vector<double> values(matrix.rows), beside(matrix.rows), tau(matrix.rows);
  AlignedArray<double> work(1 + matrix.rows * (3 + 2 * log_n + 4 * matrix.rows));
  AlignedArray<int> integers(6 + matrix.rows * (6 + 5 * log_n));
  const auto work_size = static_cast<int>(work.size());
  const auto integers_size = static_cast<int>(integers.size());
  int info = 0;
  // The three calls compute A = Q T Qᵀ with T tridiagonal, Q itself, and T = Z Λ Zᵀ with Q Z.
  // Fortran's columns are our rows; a symmetric matrix is the same either way.
  dsytrd_("L", &n, matrix.data, &n, values.data(), beside.data(), tau.data(), work.data(),
          &work_size, &info, 1);
  assert(info == 0);
  dorgtr_("L", &n, matrix.data, &n, tau.data(), work.data(), &work_size, &info, 1);
  assert(info == 0);
  dstedc_("V", &n, values.data(), beside.data(), matrix.data, &n, work.data(), &work_size,
          integers.data(), &integers_size, &info, 1);
  if (info != 0)
    throw DataError("eigenvalues of a matrix of order " + std::to_string(n) +
                    ": no convergence, expected finite elements");
  for (double& value : values) value = std::scalbn(value, -exponent);
  return values;
}

}  // namespace nabla
