// SPDX-License-Identifier: MIT
#include "math/elementwise.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <gtest/gtest.h>
#include <limits>
#include <string_view>
#include <vector>

#include "support/elementwise_fixture.h"
#include "support/exact_activations.h"

namespace nabla::elementwise {
namespace {

class Activations : public InstructionSets {};
INSTANTIATE_TEST_SUITE_P(Sets, Activations, all_instruction_sets(), instruction_set_name);

using testing_support::exact;
using testing_support::exact_derivative;

/// Returns arguments that are dense from −range to range, then go to zero geometrically, with the
/// edges of either sign.
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

/// The bounds on an activation's errors.
struct Expected {
  Activation activation;
  double value, derivative;  ///< largest errors, in units in the last place
  double at_minus_infinity, at_infinity;
  double crossing = 0;  ///< the z at which a derivative that needs z is 0; else 0
};

// These maxima were measured over all three instruction sets, in units in the last place (g++ 12
// and clang++ 14 give the same bits); those of gelu, silu and tanh over millions of random
// arguments as well.
//              float  derivative   double  derivative
//   sigmoid     2.18     1.50       2.14      1.50
//   tanh        2.32     1.50       2.59      1.50
//   leaky-relu  0.84     0.24       0.68      0.12
//   elu         0.86     0.50       1.09      0.50
//   gelu        3.91     3.70       3.83      3.75
//   silu        3.30     3.46       3.42      3.62
//   softplus    2.74     0.87       2.70      1.10
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr Expected kExpected[] = {
    {Activation::kSigmoid, 2.5, 1.5, 0, 1},
    {Activation::kTanh, 2.75, 1.5, -1, 1},
    {Activation::kScaledTanh, 4, 3, -1.7159F, 1.7159F},
    {Activation::kRelu, 0, 0, 0, kInfinite},
    {Activation::kLeakyRelu, 1, 0.5, -kInfinite, kInfinite},
    {Activation::kElu, 1.25, 0.5, -1, kInfinite},
    {Activation::kGelu, 4, 4, 0, kInfinite, -0.75},
    {Activation::kSilu, 4, 4, 0, kInfinite, -1.28},
    {Activation::kSoftplus, 3, 1.25, 0, kInfinite},
    {Activation::kIdentity, 0, 0, -kInfinite, kInfinite},
};

TEST(ExpectedActivations, AreAllElementwiseOnes) {
  std::vector<Activation> activations;
  for (const Expected& expected : kExpected) activations.push_back(expected.activation);
  EXPECT_EQ(activations, elementwise_activations());
}

template <class T>
void expect_accurate(const Expected& bound) {
  double worst = 0, worst_slope = 0;
  T at = 0, slope_at = 0;
  const bool needs_z = traits_of(bound.activation).needs_z;
  // Far out gelu's derivative is 5 (float) to 15 (double) times an exponential that may be flushed.
  const T smallest = std::numeric_limits<T>::min() * (needs_z ? 16 : 1);
  for (const double range : {2.0, 20.0, 120.0, 800.0}) {
    const std::vector<T> z = sweep<T>(range);
    std::vector<T> a = z, slope(z.size(), T(1));
    add_bias_apply<T>(bound.activation, {}, one_row(a));
    const std::vector<T>& argument = needs_z ? z : a;
    multiply_derivative<T>(bound.activation, one_row(argument), one_row(slope));
    for (std::size_t i = 0; i < z.size(); ++i) {
      const long double expected = exact(bound.activation, z[i]);
      const double error = ulps(a[i], expected, expected);
      if (!(error <= worst)) worst = error, at = z[i];
      // A derivative's terms cancel near its zero, so that its error there is relative to them.
      const long double expected_slope = exact_derivative(bound.activation, argument[i]);
      const bool crosses = std::abs(z[i] - bound.crossing) < std::abs(bound.crossing);
      const double slope_error =
          ulps(slope[i], expected_slope, crosses ? 0.25L : expected_slope, smallest);
      if (!(slope_error <= worst_slope)) worst_slope = slope_error, slope_at = z[i];
    }
  }
  const std::string_view name = name_of(bound.activation);
  EXPECT_LE(worst, bound.value) << name << " at " << at;
  EXPECT_LE(worst_slope, bound.derivative) << "derivative of " << name << " at " << slope_at;
}

TEST_P(Activations, FloatIsAccurate) {
  for (const Expected& expected : kExpected) expect_accurate<float>(expected);
}

TEST_P(Activations, DoubleIsAccurate) {
  for (const Expected& expected : kExpected) expect_accurate<double>(expected);
}

template <class T>
void expect_limits() {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  constexpr T kNan = std::numeric_limits<T>::quiet_NaN();
  for (const Expected& expected : kExpected) {
    const Activation activation = expected.activation;
    const std::string_view name = name_of(activation);
    std::vector<T> z = {-kInfinity, kInfinity, kNan};
    add_bias_apply<T>(activation, {}, one_row(z));
    EXPECT_EQ(z[0], static_cast<T>(expected.at_minus_infinity)) << name;
    EXPECT_EQ(z[1], static_cast<T>(expected.at_infinity)) << name;
    EXPECT_TRUE(std::isnan(z[2])) << name;
    if (activation == Activation::kIdentity) continue;
    const std::vector<T> a = {kNan, T(0.5)};
    std::vector<T> delta = {T(1), kNan};
    multiply_derivative<T>(activation, one_row(a), one_row(delta));
    EXPECT_TRUE(std::isnan(delta[0])) << name;
    EXPECT_TRUE(std::isnan(delta[1])) << name;
    if (!traits_of(activation).needs_z) continue;
    std::vector<T> slope = {1, 1};
    multiply_derivative<T>(activation, one_row(std::vector<T>{-kInfinity, kInfinity}),
                           one_row(slope));
    EXPECT_EQ(slope[0], 0) << name;
    EXPECT_EQ(slope[1], 1) << name;
  }
}

TEST_P(Activations, InfinityGivesTheLimitAndNanPasses) {
  expect_limits<float>();
  expect_limits<double>();
}

/// Compares every element alone, as a matrix of one row and one column, with the same element in
/// every place of matrices of all widths, with and without gaps between rows and off any alignment.
template <class T>
void expect_same_bits_in_every_place(Activation activation) {
  constexpr std::size_t kRows = 3;
  constexpr T kUntouched = 777;
  std::vector<T> bias(kMaxCols), z(kRows * kMaxCols), a(z.size()), value(z.size()), slope(z.size());
  for (std::size_t i = 0; i < kMaxCols; ++i) bias[i] = sample<T>(i + 1000) / 3;
  for (std::size_t i = 0; i < z.size(); ++i) {
    z[i] = sample<T>(i);
    a[i] = std::abs(sample<T>(i + 7)) / 10;
    value[i] = z[i];
    slope[i] = z[i];
    add_bias_apply<T>(activation, {&bias[i % kMaxCols], 1}, {&value[i], 1, 1});
    multiply_derivative<T>(activation, {&a[i], 1, 1}, {&slope[i], 1, 1});
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
        add_bias_apply<T>(activation, {bias.data(), cols}, {&out[offset], kRows, cols, stride});
        multiply_derivative<T>(activation, {&in[offset], kRows, cols, stride},
                               {&delta[offset], kRows, cols, stride});
        for (std::size_t i = 0; i < out.size(); ++i) {
          const std::size_t r = (i - offset) / stride, j = (i - offset) % stride;
          const bool inside = i >= offset && r < kRows && j < cols;
          ASSERT_EQ(out[i], inside ? value[r * kMaxCols + j] : kUntouched)
              << name_of(activation) << " cols " << cols << " gap " << gap << " at " << i;
          ASSERT_EQ(delta[i], inside ? slope[r * kMaxCols + j] : kUntouched)
              << name_of(activation) << " cols " << cols << " gap " << gap << " at " << i;
        }
      }
    }
  }
}

TEST_P(Activations, AnElementHasTheSameBitsInEveryPlace) {
  for (const Activation activation : elementwise_activations()) {
    expect_same_bits_in_every_place<float>(activation);
    expect_same_bits_in_every_place<double>(activation);
  }
}

/// Expects z + bias and f of it, as add_bias_apply gives them in two passes, and no other writes.
template <class T>
void expect_z_is_kept(Activation activation, std::size_t cols, std::size_t z_gap, std::size_t a_gap,
                      bool has_bias) {
  constexpr std::size_t kRows = 3;
  constexpr T kUntouched = 777;
  std::vector<T> bias, z(kRows * (cols + z_gap), kUntouched), a(kRows * (cols + a_gap), kUntouched);
  for (std::size_t j = 0; has_bias && j < cols; ++j) bias.push_back(sample<T>(j + 1000));
  const MatrixView<T> z_view{z.data(), kRows, cols, cols + z_gap};
  const MatrixView<T> a_view{a.data(), kRows, cols, cols + a_gap};
  for (std::size_t i = 0; i < kRows * cols; ++i) z_view(i / cols, i % cols) = sample<T>(i);
  std::vector<T> expected_z = z, expected_a = a;
  const MatrixView<T> expected_a_view{expected_a.data(), kRows, cols, cols + a_gap};
  add_bias_apply<T>(Activation::kIdentity, bias, {expected_z.data(), kRows, cols, cols + z_gap});
  for (std::size_t r = 0; r < kRows; ++r)
    std::copy_n(&expected_z[r * (cols + z_gap)], cols, expected_a_view.row(r).begin());
  add_bias_apply<T>(activation, {}, expected_a_view);
  add_bias_keep_apply<T>(activation, bias, z_view, a_view);
  ASSERT_EQ(z, expected_z) << name_of(activation) << cols;
  ASSERT_EQ(a, expected_a) << name_of(activation) << cols;
}

TEST_P(Activations, ThoseThatNeedZKeepIt) {
  for (const ActivationTraits& row : kActivations)
    for (std::size_t cols = 1; row.needs_z && cols <= 70; ++cols)
      for (const std::size_t gap : {0, 3})
        for (const bool has_bias : {false, true}) {
          expect_z_is_kept<float>(row.kind, cols, gap, 3 - gap, has_bias);
          expect_z_is_kept<double>(row.kind, cols, gap, gap, has_bias);
        }
}

TEST(InstructionSet, UnknownNameChangesNothing) {
  const std::string before(instruction_set());
  EXPECT_FALSE(select_instruction_set("avx3"));
  EXPECT_EQ(instruction_set(), before);
}

}  // namespace
}  // namespace nabla::elementwise
