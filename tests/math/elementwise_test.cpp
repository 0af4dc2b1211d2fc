// SPDX-License-Identifier: MIT
#include "nabla/math/elementwise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "support/elementwise_fixture.h"

namespace nabla::elementwise {
namespace {

class Activations : public InstructionSets {};
INSTANTIATE_TEST_SUITE_P(Sets, Activations, all_instruction_sets(), instruction_set_name);

long double normal_distribution(long double z) { return std::erfc(-z / std::sqrt(2.0L)) / 2; }

long double exact(Function function, long double z) {
  switch (function) {
    case Function::kIdentity:
      return z;
    case Function::kSigmoid:
      return z > 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
    case Function::kTanh:
      return std::tanh(z);
    case Function::kRelu:
      return std::max(z, 0.0L);
    case Function::kLeakyRelu:
      return z > 0 ? z : z * 0.01L;
    case Function::kElu:
      return z > 0 ? z : std::expm1(z);
    case Function::kSoftplus:
      return std::max(z, 0.0L) + std::log1p(std::exp(-std::abs(z)));
    case Function::kGelu:
      return z * normal_distribution(z);
  }
  return 0;
}

/// The derivative as the header defines it, from a = f(z), for gelu from z.
long double exact_derivative(Function function, long double a) {
  switch (function) {
    case Function::kIdentity:
      return 1;
    case Function::kSigmoid:
      return a * (1 - a);
    case Function::kTanh:
      return (1 - a) * (1 + a);
    case Function::kRelu:
      return a > 0 ? 1 : 0;
    case Function::kLeakyRelu:
      return a > 0 ? 1 : 0.01L;
    case Function::kElu:
      return a > 0 ? 1 : a + 1;
    case Function::kSoftplus:
      return -std::expm1(-a);
    case Function::kGelu:
      return normal_distribution(a) + a * std::exp(-a * a / 2) / std::sqrt(2 * std::acos(-1.0L));
  }
  return 0;
}

/// Dense from −range to range, then geometrically towards zero, with the signed edges.
template <class T>
std::vector<T> sweep(double range) {
  std::vector<T> z;
  constexpr int kSteps = 60001;
  for (int i = -kSteps; i <= kSteps; ++i) z.push_back(static_cast<T>(range * i / kSteps));
  for (double x = range; x > static_cast<double>(std::numeric_limits<T>::min()); x *= 0.983) {
    z.push_back(static_cast<T>(x));
    z.push_back(static_cast<T>(-x));
  }
  for (const T x : {T(0), std::numeric_limits<T>::min(), std::numeric_limits<T>::denorm_min(),
                    std::numeric_limits<T>::max()}) {
    z.push_back(x);
    z.push_back(-x);
  }
  return z;
}

struct Bound {
  Function function;
  double value;
  double derivative;
};

// Measured maxima over all three instruction sets, in units in the last place (g++ 12 and
// clang++ 14 give the same bits); gelu and tanh over four million random arguments as well.
//              float  derivative   double  derivative
//   sigmoid     2.18     1.50       2.14      1.50
//   tanh        2.32     1.50       2.59      1.50
//   leaky-relu  0.84     0.24       0.68      0.12
//   elu         0.86     0.50       1.09      0.50
//   softplus    2.74     0.87       2.70      1.10
//   gelu        3.91     3.70       3.83      3.75
constexpr Bound kBounds[] = {
    {Function::kIdentity, 0, 0},    {Function::kSigmoid, 2.5, 1.5}, {Function::kTanh, 2.75, 1.5},
    {Function::kRelu, 0, 0},        {Function::kLeakyRelu, 1, 0.5}, {Function::kElu, 1.25, 0.5},
    {Function::kSoftplus, 3, 1.25}, {Function::kGelu, 4, 4},
};

template <class T>
void expect_accurate(const Bound& bound) {
  double worst = 0, worst_slope = 0;
  T at = 0, slope_at = 0;
  const bool gelu = bound.function == Function::kGelu;
  // Far out gelu's derivative is 5 (float) to 15 (double) times an exponential that may be flushed.
  const T smallest = std::numeric_limits<T>::min() * (gelu ? 16 : 1);
  for (const double range : {2.0, 20.0, 120.0, 800.0}) {
    const std::vector<T> z = sweep<T>(range);
    std::vector<T> a = z, slope(z.size(), T(1));
    add_bias_apply<T>(bound.function, {}, one_row(a));
    const std::vector<T>& argument = gelu ? z : a;
    multiply_derivative<T>(bound.function, one_row(argument), one_row(slope));
    for (std::size_t i = 0; i < z.size(); ++i) {
      const long double expected = exact(bound.function, z[i]);
      const double error = ulps(a[i], expected, expected);
      if (!(error <= worst)) worst = error, at = z[i];
      // Gelu's derivative crosses zero at −0.75, where its terms cancel: there relative to them.
      const long double expected_slope = exact_derivative(bound.function, argument[i]);
      const bool crosses = gelu && std::abs(z[i] + 0.75) < 0.75;
      const double slope_error =
          ulps(slope[i], expected_slope, crosses ? 0.25L : expected_slope, smallest);
      if (!(slope_error <= worst_slope)) worst_slope = slope_error, slope_at = z[i];
    }
  }
  const int number = static_cast<int>(bound.function);
  EXPECT_LE(worst, bound.value) << "function " << number << " at " << at;
  EXPECT_LE(worst_slope, bound.derivative) << "derivative " << number << " at " << slope_at;
}

TEST_P(Activations, FloatIsAccurate) {
  for (const Bound& bound : kBounds) expect_accurate<float>(bound);
}

TEST_P(Activations, DoubleIsAccurate) {
  for (const Bound& bound : kBounds) expect_accurate<double>(bound);
}

template <class T>
void expect_limits() {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  constexpr T kNan = std::numeric_limits<T>::quiet_NaN();
  const T at_minus_infinity[] = {-kInfinity, 0, -1, 0, -kInfinity, -1, 0, 0};
  const T at_infinity[] = {kInfinity, 1, 1, kInfinity, kInfinity, kInfinity, kInfinity, kInfinity};
  for (const Function function : kAllFunctions) {
    const auto number = static_cast<std::size_t>(function);
    std::vector<T> z = {-kInfinity, kInfinity, kNan};
    add_bias_apply<T>(function, {}, one_row(z));
    EXPECT_EQ(z[0], at_minus_infinity[number]) << number;
    EXPECT_EQ(z[1], at_infinity[number]) << number;
    EXPECT_TRUE(std::isnan(z[2])) << number;
    if (function == Function::kIdentity) continue;
    const std::vector<T> a = {kNan, T(0.5)};
    std::vector<T> delta = {T(1), kNan};
    multiply_derivative<T>(function, one_row(a), one_row(delta));
    EXPECT_TRUE(std::isnan(delta[0])) << number;
    EXPECT_TRUE(std::isnan(delta[1])) << number;
  }
  std::vector<T> gelu_slope = {1, 1};
  multiply_derivative<T>(Function::kGelu, one_row(std::vector<T>{-kInfinity, kInfinity}),
                         one_row(gelu_slope));
  EXPECT_EQ(gelu_slope[0], 0);
  EXPECT_EQ(gelu_slope[1], 1);
}

TEST_P(Activations, InfinityGivesTheLimitAndNanPasses) {
  expect_limits<float>();
  expect_limits<double>();
}

/// Every element alone, as a matrix of one row and one column, against the same element in every
/// place of matrices of all widths, with and without gaps between rows and off any alignment.
template <class T>
void expect_same_bits_in_every_place(Function function) {
  constexpr std::size_t kRows = 3;
  constexpr T kUntouched = 777;
  std::vector<T> bias(kMaxCols), z(kRows * kMaxCols), a(z.size()), value(z.size()), slope(z.size());
  for (std::size_t i = 0; i < kMaxCols; ++i) bias[i] = sample<T>(i + 1000) / 3;
  for (std::size_t i = 0; i < z.size(); ++i) {
    z[i] = sample<T>(i);
    a[i] = std::abs(sample<T>(i + 7)) / 10;
    value[i] = z[i];
    slope[i] = z[i];
    add_bias_apply<T>(function, {&bias[i % kMaxCols], 1}, {&value[i], 1, 1});
    multiply_derivative<T>(function, {&a[i], 1, 1}, {&slope[i], 1, 1});
  }
  for (std::size_t cols = 1; cols <= kMaxCols; ++cols) {
    for (const std::size_t gap : {0, 5}) {
      for (const std::size_t offset : {0, 1}) {
        const std::size_t stride = cols + gap;
        std::vector<T> out(offset + kRows * stride + 1, kUntouched), delta = out, in = out;
        for (std::size_t r = 0; r < kRows; ++r) {
          for (std::size_t j = 0; j < cols; ++j) {
            const std::size_t at = offset + r * stride + j;
            out[at] = delta[at] = z[r * kMaxCols + j];
            in[at] = a[r * kMaxCols + j];
          }
        }
        add_bias_apply<T>(function, {bias.data(), cols}, {&out[offset], kRows, cols, stride});
        multiply_derivative<T>(function, {&in[offset], kRows, cols, stride},
                               {&delta[offset], kRows, cols, stride});
        for (std::size_t i = 0; i < out.size(); ++i) {
          const std::size_t r = (i - offset) / stride, j = (i - offset) % stride;
          const bool inside = i >= offset && r < kRows && j < cols;
          ASSERT_EQ(out[i], inside ? value[r * kMaxCols + j] : kUntouched)
              << static_cast<int>(function) << " cols " << cols << " gap " << gap << " at " << i;
          ASSERT_EQ(delta[i], inside ? slope[r * kMaxCols + j] : kUntouched)
              << static_cast<int>(function) << " cols " << cols << " gap " << gap << " at " << i;
        }
      }
    }
  }
}

TEST_P(Activations, AnElementHasTheSameBitsInEveryPlace) {
  for (const Function function : kAllFunctions) {
    expect_same_bits_in_every_place<float>(function);
    expect_same_bits_in_every_place<double>(function);
  }
}

/// z + bias and gelu of it, as add_bias_apply gives them in two passes, and nothing written beside.
template <class T>
void expect_gelu_keeps_z(std::size_t cols, std::size_t z_gap, std::size_t a_gap, bool has_bias) {
  constexpr std::size_t kRows = 3;
  constexpr T kUntouched = 777;
  std::vector<T> bias, z(kRows * (cols + z_gap), kUntouched), a(kRows * (cols + a_gap), kUntouched);
  for (std::size_t j = 0; has_bias && j < cols; ++j) bias.push_back(sample<T>(j + 1000));
  const MatrixView<T> z_view{z.data(), kRows, cols, cols + z_gap};
  const MatrixView<T> a_view{a.data(), kRows, cols, cols + a_gap};
  for (std::size_t i = 0; i < kRows * cols; ++i) z_view(i / cols, i % cols) = sample<T>(i);
  std::vector<T> expected_z = z, expected_a = a;
  const MatrixView<T> expected_a_view{expected_a.data(), kRows, cols, cols + a_gap};
  add_bias_apply<T>(Function::kIdentity, bias, {expected_z.data(), kRows, cols, cols + z_gap});
  for (std::size_t r = 0; r < kRows; ++r)
    std::copy_n(&expected_z[r * (cols + z_gap)], cols, expected_a_view.row(r).begin());
  add_bias_apply<T>(Function::kGelu, {}, expected_a_view);
  add_bias_gelu<T>(bias, z_view, a_view);
  ASSERT_EQ(z, expected_z) << cols;
  ASSERT_EQ(a, expected_a) << cols;
}

TEST_P(Activations, GeluKeepsItsWeightedInputs) {
  for (std::size_t cols = 1; cols <= 70; ++cols)
    for (const std::size_t gap : {0, 3})
      for (const bool has_bias : {false, true}) {
        expect_gelu_keeps_z<float>(cols, gap, 3 - gap, has_bias);
        expect_gelu_keeps_z<double>(cols, gap, gap, has_bias);
      }
}

TEST(InstructionSet, UnknownNameChangesNothing) {
  const std::string before(instruction_set());
  EXPECT_FALSE(select_instruction_set("avx3"));
  EXPECT_EQ(instruction_set(), before);
}

}  // namespace
}  // namespace nabla::elementwise
