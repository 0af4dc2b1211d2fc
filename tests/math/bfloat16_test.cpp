// SPDX-License-Identifier: MIT
//
// Rounding to bfloat16, and products of bfloat16 operands, in each instruction set and by oneDNN.
#include "math/bfloat16.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "math/elementwise.h"
#include "math/gemm.h"
#include "math/kernel_table.h"
#include "math/onednn.h"
#include "support/elementwise_fixture.h"
#include "support/naive_product.h"

namespace nabla {
namespace {

using namespace testing_support;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

float from_bits(std::uint32_t bits) { return std::bit_cast<float>(bits); }

/// Floats of all exponents and both signs, among them halfway cases and their neighbours.
std::vector<float> samples() {
  std::vector<float> result = {
      0.0F, -0.0F, kInfinity, -kInfinity, 1e-40F, -1e-40F, std::numeric_limits<float>::max()};
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    std::uint32_t bits = random.bits();
    if (i % 4 == 0) bits = (bits & 0xFFFF0000U) | 0x8000U;
    if (i % 8 == 0) bits += static_cast<std::uint32_t>(i / 8 % 3) - 1U;
    if (!std::isnan(from_bits(bits))) result.push_back(from_bits(bits));
  }
  return result;
}

// Of the two neighbours in bfloat16 the nearer one, of equals the one whose last bit is 0; beyond
// half a step over the largest one infinity.
TEST(Bfloat16, RoundsToTheNearestTiesToEven) {
  for (const float x : samples()) {
    const bfloat16_t rounded = to_bfloat16(x);
    const double value = to_float(rounded);
    EXPECT_EQ(std::signbit(value), std::signbit(x));
    if (std::isinf(x) || x == 0.0F) {
      EXPECT_EQ(value, x);
    } else if (!std::isnormal(x)) {
      EXPECT_EQ(value, 0.0) << x;
    } else {
      const std::uint32_t below_bits = std::bit_cast<std::uint32_t>(x) & 0xFFFF0000U;
      const double below = from_bits(below_bits);
      const std::uint32_t above_bits = below_bits + 0x10000U;
      // The step over the largest number leads to infinity as if exponents went on.
      const double step = std::ldexp(1.0, std::ilogb(x) - 7);
      const double above = below + std::copysign(step, x);
      const double exact = x;
      const double down = std::abs(exact - below), up = std::abs(above - exact);
      const bool goes_up = up < down || (up == down && (below_bits >> 16 & 1U) == 1U);
      EXPECT_EQ(rounded.bits, (goes_up ? above_bits : below_bits) >> 16) << x;
    }
  }
  for (const std::uint32_t bits : {0x7FC00000U, 0xFF800001U, 0x7F80FFFFU})
    EXPECT_TRUE(std::isnan(to_float(to_bfloat16(from_bits(bits)))));
}

TEST(Bfloat16, IsExactForNumbersOfEightBits) {
  for (int i = -256; i <= 256; ++i)
    EXPECT_EQ(to_float(to_bfloat16(static_cast<float>(i))), static_cast<float>(i));
}

struct ProductShape {
  std::size_t m, n, k;
};

/// Around the sizes of registers, packed panels and their vectors.
constexpr ProductShape kProductShapes[] = {{1, 1, 1},    {1, 1, 2},    {5, 3, 7},     {6, 64, 31},
                                           {7, 65, 33},  {13, 17, 0},  {4, 130, 256}, {97, 20, 257},
                                           {3, 9, 1027}, {200, 70, 64}};

struct OperandOps {
  Op a, b;
};
constexpr OperandOps kOperandOps[] = {{Op::kNone, Op::kNone},
                                      {Op::kNone, Op::kTranspose},
                                      {Op::kTranspose, Op::kNone},
                                      {Op::kTranspose, Op::kTranspose}};

/// Drawn from U(−1, 1); the padding is NaN, which would spoil every sum that reads it.
Matrix<bfloat16_t> draw(std::size_t rows, std::size_t cols, Random& random) {
  Matrix<bfloat16_t> matrix(rows, cols, cols + 3);
  for (bfloat16_t& x : matrix.elements()) x = to_bfloat16(std::numeric_limits<float>::quiet_NaN());
  for (std::size_t r = 0; r < rows; ++r)
    for (bfloat16_t& x : matrix.row(r)) x = to_bfloat16(static_cast<float>(random.uniform(-1, 1)));
  return matrix;
}

Matrix<float> widened(const Matrix<bfloat16_t>& matrix) {
  Matrix<float> result(matrix.rows(), matrix.cols());
  for (std::size_t r = 0; r < matrix.rows(); ++r)
    for (std::size_t c = 0; c < matrix.cols(); ++c) result(r, c) = to_float(matrix(r, c));
  return result;
}

/// The operands of one product, C before and after it.
struct TestProduct {
  TestProduct(OperandOps given, ProductShape shape)
      : operands(given),
        a(given.a == Op::kNone ? draw(shape.m, shape.k, random) : draw(shape.k, shape.m, random)),
        b(given.b == Op::kNone ? draw(shape.k, shape.n, random) : draw(shape.n, shape.k, random)),
        before(random_matrix<float>(shape.m, shape.n, 5, random)),
        c(before) {}

  kernels::Bfloat16Product call(float alpha, float beta) {
    const bool a_is_plain = operands.a == Op::kNone, b_is_plain = operands.b == Op::kNone;
    return {.m = c.rows(),
            .n = c.cols(),
            .k = a_is_plain ? a.cols() : a.rows(),
            .alpha = alpha,
            .a = a.data(),
            .a_row = a_is_plain ? a.stride() : 1,
            .a_k = a_is_plain ? 1 : a.stride(),
            .b = b.data(),
            .b_k = b_is_plain ? b.stride() : 1,
            .b_column = b_is_plain ? 1 : b.stride(),
            .beta = beta,
            .c = c.data(),
            .c_stride = c.stride()};
  }

  /// Expects C to be what float32 makes of the rounded operands, and its padding to be as before.
  void expect_twin(float alpha, float beta) const {
    const Matrix<float> wide_a = widened(a), wide_b = widened(b);
    for (std::size_t i = 0; i < c.rows(); ++i) {
      for (std::size_t j = 0; j < c.cols(); ++j) {
        const NaiveElement twin = naive_element<float>(operands.a, operands.b, alpha, wide_a.view(),
                                                       wide_b.view(), beta, before(i, j), i, j);
        ASSERT_TRUE(agrees(c(i, j), twin))
            << c.rows() << " x " << c.cols() << ", alpha " << alpha << ", beta " << beta << ": "
            << c(i, j) << " is not " << twin.value << " at " << i << ", " << j;
      }
      ASSERT_EQ(std::memcmp(c.data() + i * c.stride() + c.cols(),
                            before.data() + i * c.stride() + c.cols(), 5 * sizeof(float)),
                0);
    }
  }

  Random random{7};
  OperandOps operands;
  Matrix<bfloat16_t> a, b;
  Matrix<float> before, c;
};

constexpr float kFactors[][2] = {{1, 0}, {-0.25F, 1}, {0.5F, 0.75F}};

class Bfloat16Kernels : public elementwise::InstructionSets {};

TEST_P(Bfloat16Kernels, RoundAsTheFunctionDoes) {
  std::vector<float> x = {from_bits(0x7FC00000U), from_bits(0xFF800001U), from_bits(0x7F80FFFFU)};
  for (const float sample : samples()) x.push_back(sample);
  const std::size_t cols = 67, rows = x.size() / cols;
  Matrix<bfloat16_t> rounded(rows, cols, cols + 4);
  elementwise::round_to_bfloat16({x.data(), rows, cols}, rounded.view());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t j = 0; j < cols; ++j)
      ASSERT_EQ(rounded(r, j).bits, to_bfloat16(x[r * cols + j]).bits) << x[r * cols + j];
}

TEST_P(Bfloat16Kernels, MultiplyAsTheTwinDoes) {
  for (const OperandOps operands : kOperandOps)
    for (const ProductShape shape : kProductShapes)
      for (const auto& [alpha, beta] : kFactors) {
        TestProduct product(operands, shape);
        kernels::current_bfloat16().multiply(product.call(alpha, beta));
        product.expect_twin(alpha, beta);
      }
}

TEST_P(Bfloat16Kernels, GiveTheBitsOfTheBaseline) {
  for (const OperandOps operands : kOperandOps)
    for (const ProductShape shape : kProductShapes) {
      TestProduct product(operands, shape), baseline(operands, shape);
      kernels::current_bfloat16().multiply(product.call(0.5F, 0));
      kernels::kBaselineKernels.bfloat16.multiply(baseline.call(0.5F, 0));
      for (std::size_t i = 0; i < shape.m; ++i)
        ASSERT_EQ(
            std::memcmp(product.c.row(i).data(), baseline.c.row(i).data(), shape.n * sizeof(float)),
            0);
    }
}

TEST_P(Bfloat16Kernels, GiveTheSameBitsHoweverRowsAndColumnsAreCut) {
  for (const OperandOps operands : kOperandOps) {
    const ProductShape shape{101, 150, 300};
    TestProduct whole(operands, shape), cut(operands, shape);
    kernels::current_bfloat16().multiply(whole.call(1, 1));
    for (std::size_t row = 0; row < shape.m; row += 37)
      for (std::size_t col = 0; col < shape.n; col += 41) {
        kernels::Bfloat16Product part = cut.call(1, 1);
        part.m = std::min<std::size_t>(37, shape.m - row);
        part.n = std::min<std::size_t>(41, shape.n - col);
        part.a += row * part.a_row;
        part.b += col * part.b_column;
        part.c += row * part.c_stride + col;
        kernels::current_bfloat16().multiply(part);
      }
    for (std::size_t i = 0; i < shape.m; ++i)
      ASSERT_EQ(std::memcmp(whole.c.row(i).data(), cut.c.row(i).data(), shape.n * sizeof(float)),
                0);
  }
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, Bfloat16Kernels,
                         testing::Values("x86-64", "avx2", "avx512", "avx512bf16"),
                         elementwise::instruction_set_name);

TEST(Bfloat16, GemmMultipliesAsTheTwinDoes) {
  for (const OperandOps operands : kOperandOps)
    for (const ProductShape shape : kProductShapes) {
      TestProduct product(operands, shape);
      gemm<bfloat16_t>(operands.a, operands.b, 0.5F, product.a.view(), product.b.view(), 0.75F,
                       product.c.view());
      product.expect_twin(0.5F, 0.75F);
    }
}

TEST(Bfloat16, OneDnnMultipliesAsTheTwinDoes) {
  if (!onednn::is_there()) GTEST_SKIP() << "no oneDNN in this build or on this machine";
  EXPECT_TRUE(onednn::name().starts_with("oneDNN 2."));
  for (const OperandOps operands : kOperandOps)
    for (const ProductShape shape : kProductShapes) {
      if (shape.k == 0) continue;  // A step has no such product.
      for (const auto& [alpha, beta] : kFactors) {
        TestProduct product(operands, shape), again(operands, shape);
        onednn::multiply(product.call(alpha, beta));
        product.expect_twin(alpha, beta);
        onednn::multiply(again.call(alpha, beta));
        for (std::size_t i = 0; i < shape.m; ++i)
          ASSERT_EQ(
              std::memcmp(product.c.row(i).data(), again.c.row(i).data(), shape.n * sizeof(float)),
              0);
      }
    }
}

TEST(Bfloat16, OneDnnLeavesTheCallersThreadsOfOpenMp) {
  if (!onednn::is_there()) GTEST_SKIP() << "no oneDNN in this build or on this machine";
  void* const openmp = dlopen("libgomp.so.1", RTLD_NOW | RTLD_NOLOAD);
  if (openmp == nullptr) GTEST_SKIP() << "oneDNN is built on another OpenMP";
  const auto threads = reinterpret_cast<int (*)()>(dlsym(openmp, "omp_get_max_threads"));
  const auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(openmp, "omp_set_num_threads"));
  const int before = threads();
  set_threads(3);
  TestProduct product(kOperandOps[0], kProductShapes[0]);
  onednn::multiply(product.call(1, 0));
  EXPECT_EQ(threads(), 3);
  set_threads(before);
}

TEST(Bfloat16, OneDnnForgetsShapesThatAreTooMany) {
  if (!onednn::is_there()) GTEST_SKIP() << "no oneDNN in this build or on this machine";
  for (std::size_t k = 1; k <= 300; ++k) {
    TestProduct product(kOperandOps[0], {2, 3, k});
    onednn::multiply(product.call(1, 0));
    if (k % 100 == 0) product.expect_twin(1, 0);
  }
}

}  // namespace
}  // namespace nabla
