// SPDX-License-Identifier: MIT
#include "math/eigen.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "nabla/base/random.h"

namespace nabla {
namespace {

/// Returns B Bᵀ for a random B [n × rank], which is symmetric, positive semidefinite and of that
/// rank.
Matrix<double> random_symmetric(std::size_t n, std::size_t rank, double scale) {
  Random random(n, 7);
  Matrix<double> b(n, rank), a(n, n);
  for (double& x : b.elements()) x = random.uniform(-1.0, 1.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < rank; ++k) a(i, j) += scale * b(i, k) * b(j, k);
  return a;
}

// The sizes lie around those of LAPACK's blocks, and squares of some elements leave the range of
// double.
TEST(Eigen, VectorsAreOrthonormalAndMakeTheMatrixAgain) {
  for (const std::size_t n : {1UL, 2UL, 3UL, 25UL, 26UL, 64UL, 65UL, 150UL})
    for (const std::size_t rank : {n, (n + 1) / 2})
      for (const double scale : {1.0, 1e-250, 1e250}) {
        const Matrix<double> matrix = random_symmetric(n, rank, scale);
        Matrix<double> vectors = matrix;
        const std::vector<double> values = eigen_decompose(vectors.view());
        ASSERT_EQ(values.size(), n);
        EXPECT_TRUE(std::ranges::is_sorted(values));
        // LAPACK's own tests (TESTING/sep.in of LAPACK) let |A − Z Λ Zᵀ| and |I − Z Zᵀ| be up to
        // 60 n ε of |A| and of 1, in the 1-norm.
        const double tolerance =
            60 * static_cast<double>(n) * std::numeric_limits<double>::epsilon();
        double norm = 0;
        for (std::size_t i = 0; i < n; ++i) {
          double sum = 0;
          for (const double x : matrix.row(i)) sum += std::abs(x / scale);
          norm = std::max(norm, sum);
        }
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j) {
            long double dot = 0, element = 0;
            for (std::size_t k = 0; k < n; ++k) {
              dot += static_cast<long double>(vectors(i, k)) * vectors(j, k);
              element += static_cast<long double>(values[k]) * vectors(k, i) * vectors(k, j);
            }
            ASSERT_LE(std::abs(dot - (i == j ? 1 : 0)), tolerance) << n;
            ASSERT_LE(std::abs(element / scale - matrix(i, j) / scale), tolerance * norm) << n;
          }
      }
}

TEST(Eigen, OfNoughtIsTheUnitMatrix) {
  Matrix<double> matrix(4, 4);
  for (const double value : eigen_decompose(matrix.view())) EXPECT_EQ(value, 0);
  for (std::size_t i = 0; i < 4; ++i) {
    double sum = 0;
    for (const double x : matrix.row(i)) sum += x * x;
    EXPECT_EQ(sum, 1);
  }
  EXPECT_TRUE(eigen_decompose(MatrixView<double>()).empty());
}

}  // namespace
}  // namespace nabla
