// SPDX-License-Identifier: MIT
//
// Tests the matrix products that gemm makes without BLAS, small ones and those with packed
// operands, for each instruction set.
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <tuple>
#include <vector>

#include "math/kernel_table.h"
#include "support/elementwise_fixture.h"
#include "support/guarded_memory.h"
#include "support/naive_product.h"

namespace nabla::kernels {
namespace {

using namespace testing_support;

/// The products that have a kernel: small ones of A · B, Aᵀ · B and A · Bᵀ, packed ones of all.
struct Ops {
  const char* name;
  Op a, b;
  bool is_packed = false;
};
constexpr Ops kProducts[] = {{"A B", Op::kNone, Op::kNone},
                             {"At B", Op::kTranspose, Op::kNone},
                             {"A Bt", Op::kNone, Op::kTranspose},
                             {"packed A B", Op::kNone, Op::kNone, true},
                             {"packed At B", Op::kTranspose, Op::kNone, true},
                             {"packed A Bt", Op::kNone, Op::kTranspose, true},
                             {"packed At Bt", Op::kTranspose, Op::kTranspose, true}};

template <class T>
void multiply(Ops ops, T alpha, MatrixView<const T> a, MatrixView<const T> b, T beta,
              MatrixView<T> c) {
  const bool straight = ops.a == Op::kNone;
  const SmallProduct<T> product{c.rows,
                                c.cols,
                                straight ? a.cols : a.rows,
                                alpha,
                                a.data,
                                straight ? a.stride : 1,
                                straight ? 1 : a.stride,
                                b.data,
                                b.stride,
                                beta,
                                c.data,
                                c.stride};
  const Kernels<T>& kernels = current<T>();
  if (ops.is_packed)
    return kernels.multiply_packed({.m = product.m,
                                    .n = product.n,
                                    .k = product.k,
                                    .alpha = alpha,
                                    .a = a.data,
                                    .a_row = product.a_row,
                                    .a_k = product.a_k,
                                    .b = b.data,
                                    .b_k = ops.b == Op::kNone ? b.stride : 1,
                                    .b_column = ops.b == Op::kNone ? 1 : b.stride,
                                    .beta = beta,
                                    .c = c.data,
                                    .c_stride = c.stride});
  (ops.b == Op::kNone ? kernels.multiply : kernels.multiply_transposed)(product);
}

/// Three matrices whose last elements lie before pages that must not be touched. Their padding is
/// NaN, which would spoil every sum that reads it.
template <class T>
class Guarded {
 public:
  Guarded() { clear(); }

  void set_shape(Ops ops, std::size_t m, std::size_t n, std::size_t k) {
    clear();
    a = ops.a == Op::kNone ? a_memory_.matrix(m, k, k + 3) : a_memory_.matrix(k, m, m + 5);
    b = ops.b == Op::kNone ? b_memory_.matrix(k, n, n + 1) : b_memory_.matrix(n, k, k + 2);
    c = c_memory_.matrix(m, n, n + 4);
    for (const MatrixView<T>& matrix : {a, b, c}) fill(matrix);
  }

  /// Returns whether all memory around the elements of C is as it was.
  bool padding_is_intact() {
    const T* const first = c.data;
    const std::span<T> all = c_memory_.all();
    for (const T& x : all) {
      const std::ptrdiff_t i = &x - first;
      const bool inside = i >= 0 && static_cast<std::size_t>(i) % c.stride < c.cols;
      if (!inside && !std::isnan(x)) return false;
    }
    return true;
  }

  MatrixView<T> a, b, c;

 private:
  static constexpr std::size_t kElements = 1024;

  void clear() {
    for (GuardedMemory<T>* memory : {&a_memory_, &b_memory_, &c_memory_})
      std::ranges::fill(memory->all(), std::numeric_limits<T>::quiet_NaN());
  }
  void fill(MatrixView<T> matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r)
      for (T& x : matrix.row(r)) x = static_cast<T>(random_.uniform(-1.0, 1.0));
  }

  Random random_{3};
  GuardedMemory<T> a_memory_{kElements}, b_memory_{8 * kElements}, c_memory_{4 * kElements};
};

template <class T>
std::vector<T> elements_of(MatrixView<const T> matrix) {
  std::vector<T> elements;
  for (std::size_t r = 0; r < matrix.rows; ++r)
    elements.insert(elements.end(), matrix.row(r).begin(), matrix.row(r).end());
  return elements;
}

/// Multiplies and compares with the twin.
template <class T>
void expect_twin(Ops ops, Guarded<T>& matrices, T alpha, T beta) {
  const auto& [a, b, c] = std::tie(matrices.a, matrices.b, matrices.c);
  const std::vector<T> before = elements_of<T>(c);
  multiply<T>(ops, alpha, a, b, beta, c);
  for (std::size_t row = 0; row < c.rows; ++row)
    for (std::size_t col = 0; col < c.cols; ++col) {
      const T old = before[row * c.cols + col];
      const auto twin = naive_element(ops.a, ops.b, alpha, a, b, beta, old, row, col);
      ASSERT_TRUE(agrees(c(row, col), twin))
          << ops.name << ", " << c.rows << " x " << c.cols << ", alpha " << alpha << ", beta "
          << beta << ": " << c(row, col) << " is not " << twin.value << " at " << row << ", "
          << col;
    }
}

/// Widths on both sides of one to four vectors of each instruction set, and more columns than one
/// block holds.
std::vector<std::size_t> widths() {
  std::vector<std::size_t> all;
  for (std::size_t n = 1; n <= 14; ++n) all.push_back(n);
  for (const std::size_t n : {16, 31, 33, 47, 63, 64, 65, 79, 96, 131}) all.push_back(n);
  return all;
}

class SmallProducts : public elementwise::InstructionSets {
 protected:
  template <class T>
  void equals_twin() {
    Guarded<T> matrices;
    for (const Ops ops : kProducts)
      for (std::size_t m = 1; m <= 14; m += ops.is_packed ? 3 : 1)
        for (const std::size_t n : widths())
          for (const std::size_t k : {0, 1, 3, 4, 7, 8, 9, 16, 17, 37}) {
            matrices.set_shape(ops, m, n, k);
            ASSERT_NO_FATAL_FAILURE(expect_twin<T>(ops, matrices, T(-0.75), T(k % 2)));
            ASSERT_TRUE(matrices.padding_is_intact()) << ops.name << ' ' << m << " x " << n;
          }
  }

  template <class T>
  void scales() {
    Guarded<T> matrices;
    constexpr T kNan = std::numeric_limits<T>::quiet_NaN();
    for (const Ops ops : kProducts)
      for (const std::size_t n : {5, 37})
        for (const std::size_t k : {0, 11})
          for (const T alpha : {T(0), T(1), T(-0.5)})
            for (const T beta : {T(0), T(1), T(-0.75)}) {
              matrices.set_shape(ops, 7, n, k);
              matrices.c(3, 2) = kNan;  // reaches the result unless beta is 0
              ASSERT_NO_FATAL_FAILURE(expect_twin<T>(ops, matrices, alpha, beta));
            }
  }

  /// One special number in A or B, in the middle or in the last lanes, reaches its row or column of
  /// C and nothing else.
  template <class T>
  void passes_special_numbers() {
    Guarded<T> matrices;
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    for (const Ops ops : kProducts)
      for (const T special : {std::numeric_limits<T>::quiet_NaN(), kInfinity, -kInfinity})
        for (const std::size_t place : {std::size_t{0}, std::size_t{20}, std::size_t{36}})
          for (const bool in_a : {true, false}) {
            matrices.set_shape(ops, 7, 37, 37);
            if (in_a)
              (ops.a == Op::kNone ? matrices.a(4, place) : matrices.a(place, 4)) = special;
            else
              (ops.b == Op::kNone ? matrices.b(place, 35) : matrices.b(35, place)) = special;
            ASSERT_NO_FATAL_FAILURE(expect_twin<T>(ops, matrices, T(1), T(0)));
          }
  }

  /// Expects the same bits of a block of C alone as of the block in the whole.
  template <class T>
  void does_not_depend_on_place() {
    constexpr std::size_t kRows = 15, kCols = 83, kInner = 29;
    for (const Ops ops : kProducts) {
      Guarded<T> matrices;
      matrices.set_shape(ops, kRows, kCols, kInner);
      const auto& [a, b, c] = std::tie(matrices.a, matrices.b, matrices.c);
      const std::vector<T> before = elements_of<T>(c);
      multiply<T>(ops, T(-0.3), a, b, T(0.9), c);
      const std::vector<T> whole = elements_of<T>(c);
      std::vector<T> block;
      for (std::size_t row = 0; row < kRows; ++row)
        for (std::size_t rows = 1; row + rows <= kRows; ++rows)
          for (std::size_t col = 0; col < kCols; col += 1 + col / 3)
            for (std::size_t cols = 1; col + cols <= kCols; cols += 1 + cols / 4) {
              block = before;
              const MatrixView<T> part(block.data() + row * kCols + col, rows, cols, kCols);
              const MatrixView<const T> a_part(a.data + row * (ops.a == Op::kNone ? a.stride : 1),
                                               ops.a == Op::kNone ? rows : kInner,
                                               ops.a == Op::kNone ? kInner : rows, a.stride);
              const MatrixView<const T> b_part(b.data + col * (ops.b == Op::kNone ? 1 : b.stride),
                                               ops.b == Op::kNone ? kInner : cols,
                                               ops.b == Op::kNone ? cols : kInner, b.stride);
              multiply<T>(ops, T(-0.3), a_part, b_part, T(0.9), part);
              for (std::size_t r = row; r < row + rows; ++r)
                ASSERT_EQ(
                    std::memcmp(&block[r * kCols + col], &whole[r * kCols + col], cols * sizeof(T)),
                    0)
                    << ops.name << ", row " << r << " of " << rows << " from " << row << ", "
                    << cols << " columns from " << col;
            }
    }
  }
};

TEST_P(SmallProducts, EqualTheNaiveTwinInFloat) { equals_twin<float>(); }
TEST_P(SmallProducts, EqualTheNaiveTwinInDouble) { equals_twin<double>(); }

TEST_P(SmallProducts, ScaleTheProductAndTheOldResult) {
  scales<float>();
  scales<double>();
}

TEST_P(SmallProducts, PassInfinitiesAndNan) {
  passes_special_numbers<float>();
  passes_special_numbers<double>();
}

TEST_P(SmallProducts, DoNotDependOnThePlaceInFloat) { does_not_depend_on_place<float>(); }
TEST_P(SmallProducts, DoNotDependOnThePlaceInDouble) { does_not_depend_on_place<double>(); }

INSTANTIATE_TEST_SUITE_P(Math, SmallProducts, elementwise::all_instruction_sets(),
                         elementwise::instruction_set_name);

}  // namespace
}  // namespace nabla::kernels
