// SPDX-License-Identifier: MIT
#include "math/gemm.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "nabla/base/random.h"
#include "nabla/math/blas.h"

namespace nabla {
namespace {

template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols, std::size_t padding, Random& random) {
  Matrix<T> matrix(rows, cols, cols + padding);
  for (T& x : matrix.elements()) x = static_cast<T>(random.uniform(-1.0, 1.0));
  return matrix;
}

/// One element of op(A) · op(B), and the sum of the absolute values of its terms.
template <class T>
std::pair<long double, long double> naive_element(Op op_a, Op op_b, const Matrix<T>& a,
                                                  const Matrix<T>& b, std::size_t inner,
                                                  std::size_t row, std::size_t col) {
  long double sum = 0, magnitude = 0;
  for (std::size_t k = 0; k < inner; ++k) {
    const long double x = op_a == Op::kNone ? a(row, k) : a(k, row);
    const long double y = op_b == Op::kNone ? b(k, col) : b(col, k);
    sum += x * y;
    magnitude += std::abs(x * y);
  }
  return {sum, magnitude};
}

struct Shape {
  std::size_t m, n, k;
};

template <class T>
class Gemm : public testing::Test {
 protected:
  /// Compares with the twin for every pair of operations; C starts as `filled`, or at random.
  void check(Shape shape, T alpha, T beta, bool nan_filled = false) {
    const auto [m, n, k] = shape;
    for (const Op op_a : {Op::kNone, Op::kTranspose})
      for (const Op op_b : {Op::kNone, Op::kTranspose}) {
        SCOPED_TRACE(testing::Message()
                     << m << " x " << n << " x " << k << ", alpha " << alpha << ", beta " << beta
                     << (op_a == Op::kNone ? ", A" : ", At") << (op_b == Op::kNone ? " B" : " Bt"));
        Random random(7);
        const auto a = op_a == Op::kNone ? random_matrix<T>(m, k, 3, random)
                                         : random_matrix<T>(k, m, 5, random);
        const auto b = op_b == Op::kNone ? random_matrix<T>(k, n, 1, random)
                                         : random_matrix<T>(n, k, 2, random);
        Matrix<T> c = random_matrix<T>(m, n, 4, random);
        if (nan_filled)
          for (T& x : c.elements()) x = std::numeric_limits<T>::quiet_NaN();
        const Matrix<T> before = c;
        gemm<T>(op_a, op_b, alpha, a.view(), b.view(), beta, c.view());
        for (std::size_t row = 0; row < m; ++row) {
          for (std::size_t col = 0; col < n; ++col) {
            auto [sum, magnitude] = naive_element(op_a, op_b, a, b, k, row, col);
            sum *= alpha;
            if (beta != T(0)) sum += static_cast<long double>(beta) * before(row, col);
            const long double bound = static_cast<long double>(k + 2) *
                                      std::numeric_limits<T>::epsilon() *
                                      (std::abs(alpha) * magnitude + std::abs(beta));
            ASSERT_LE(std::abs(c(row, col) - sum), bound) << "at " << row << ", " << col;
          }
          // The padding between rows is not ours to write.
          for (std::size_t col = n; col < c.stride(); ++col) {
            const T old = before.data()[row * c.stride() + col];
            const T now = c.data()[row * c.stride() + col];
            ASSERT_TRUE(now == old || (std::isnan(now) && std::isnan(old)));
          }
        }
      }
  }
};

using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Gemm, Precisions);

TYPED_TEST(Gemm, EqualsTheNaiveTwin) {
  for (const Shape shape : {Shape{1, 1, 1},
                            {1, 7, 3},
                            {5, 1, 9},
                            {3, 4, 1},
                            {17, 19, 23},
                            {10, 30, 784},
                            {65, 33, 129}})
    this->check(shape, 1, 0);
}

TYPED_TEST(Gemm, ScalesTheProductAndTheOldResult) {
  for (const TypeParam alpha : {-0.5, 0.0, 2.0})
    for (const TypeParam beta : {0.0, 1.0, -0.75}) this->check({13, 11, 31}, alpha, beta);
}

TYPED_TEST(Gemm, BetaZeroDoesNotReadTheOldResult) {
  for (const Shape shape : {Shape{3, 5, 7}, {40, 50, 60}}) this->check(shape, 1, 0, true);
}

TYPED_TEST(Gemm, EmptyProductsLeaveBetaTimesTheOldResult) {
  this->check({4, 3, 0}, 1, 2);
  this->check({4, 3, 0}, 1, 0, true);
  this->check({0, 3, 2}, 1, 0);
  this->check({3, 0, 2}, 1, 0);
}

TEST(Blas, RunsOnTheCallingThreadAlone) {
  const BlasInfo info = blas_info();
  EXPECT_NE(info.library.find("OpenBLAS"), std::string::npos) << info.library;
  EXPECT_FALSE(info.kernel.empty());
  EXPECT_EQ(info.threading, "pthread");
}

}  // namespace
}  // namespace nabla
