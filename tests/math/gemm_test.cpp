// SPDX-License-Identifier: MIT
#include "math/gemm.h"

#include <gtest/gtest.h>

#include "nabla/math/blas.h"

#include "support/naive_product.h"

namespace nabla {
namespace {

using namespace testing_support;

constexpr Op kOps[] = {Op::kNone, Op::kTranspose};

struct Shape {
  std::size_t m, n, k;
};

/// Tests gemm, and BLAS for sizes that gemm does not pass to it. small_product_test.cpp tests the
/// kernels of gemm one by one.
template <class T>
class Gemm : public testing::Test {
 protected:
  using Product = decltype(&gemm<T>);

  /// Compares every `step`-th element with the twin, for every pair of operations; C starts at
  /// random or as NaN.
  void check(Product product, Shape shape, T alpha, T beta, bool nan_filled = false,
             std::size_t step = 1) {
    const auto [m, n, k] = shape;
    for (const Op op_a : kOps)
      for (const Op op_b : kOps) {
        SCOPED_TRACE(testing::Message()
                     << (product == &gemm<T> ? "gemm, " : "BLAS, ") << m << " x " << n << " x " << k
                     << ", alpha " << alpha << ", beta " << beta
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
        product(op_a, op_b, alpha, a.view(), b.view(), beta, c.view());
        for (std::size_t i = 0; i < m * n; i += step) {
          const std::size_t row = i / n, col = i % n;
          const auto twin = naive_element(op_a, op_b, alpha, a.view(), b.view(), beta,
                                          before(row, col), row, col);
          ASSERT_TRUE(agrees(c(row, col), twin))
              << c(row, col) << " is not " << twin.value << " at " << row << ", " << col;
        }
        // The product must not write the padding between rows.
        for (std::size_t i = 0; i < m * c.stride(); ++i) {
          if (i % c.stride() < n) continue;
          const T old = before.data()[i], now = c.data()[i];
          ASSERT_TRUE(now == old || (std::isnan(now) && std::isnan(old)));
        }
      }
  }

  static constexpr Product kProducts[2] = {&gemm<T>, &blas_gemm<T>};
};

using Precisions = testing::Types<float, double>;
TYPED_TEST_SUITE(Gemm, Precisions);

TYPED_TEST(Gemm, EqualsTheNaiveTwin) {
  for (const auto product : this->kProducts)
    for (const Shape shape : {Shape{1, 1, 1},
                              {1, 7, 3},
                              {5, 1, 9},
                              {3, 4, 1},
                              {17, 19, 23},
                              {10, 30, 784},
                              {65, 33, 129}})
      this->check(product, shape, 1, 0);
}

/// The size is beyond that up to which gemm does not call BLAS.
TYPED_TEST(Gemm, LargeProductsEqualTheNaiveTwin) {
  constexpr Shape kLarge{257, 257, 512};
  static_assert(kLarge.m * kLarge.n * kLarge.k > 1 << 25);
  this->check(&gemm<TypeParam>, kLarge, -0.5, 0.75, false, 97);
}

TYPED_TEST(Gemm, ScalesTheProductAndTheOldResult) {
  for (const auto product : this->kProducts)
    for (const TypeParam alpha : {-0.5, 0.0, 2.0})
      for (const TypeParam beta : {0.0, 1.0, -0.75})
        this->check(product, {13, 11, 31}, alpha, beta);
}

TYPED_TEST(Gemm, BetaZeroDoesNotReadTheOldResult) {
  for (const auto product : this->kProducts)
    for (const Shape shape : {Shape{3, 5, 7}, {40, 50, 60}})
      this->check(product, shape, 1, 0, true);
}

TYPED_TEST(Gemm, EmptyProductsLeaveBetaTimesTheOldResult) {
  for (const auto product : this->kProducts) {
    this->check(product, {4, 3, 0}, 1, 2);
    this->check(product, {4, 3, 0}, 1, 0, true);
    this->check(product, {0, 3, 2}, 1, 0);
    this->check(product, {3, 0, 2}, 1, 0);
  }
}

TEST(Blas, RunsOnTheCallingThreadAlone) {
  const BlasInfo info = blas_info();
  EXPECT_NE(info.library.find("OpenBLAS"), std::string::npos) << info.library;
  EXPECT_FALSE(info.kernel.empty());
  EXPECT_EQ(info.threading, "pthread");
}

}  // namespace
}  // namespace nabla
