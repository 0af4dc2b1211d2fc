// SPDX-License-Identifier: MIT
#include "nabla/math/elementwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace nabla::elementwise {
namespace {

constexpr Function kAll[] = {Function::kIdentity,  Function::kSigmoid, Function::kTanh,
                             Function::kRelu,      Function::kLeakyRelu, Function::kElu,
                             Function::kSoftplus,  Function::kGelu};

long double normal_distribution(long double z) { return std::erfc(-z / std::sqrt(2.0L)) / 2; }

long double exact(Function function, long double z) {
  switch (function) {
    case Function::kIdentity: return z;
    case Function::kSigmoid: return z > 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
    case Function::kTanh: return std::tanh(z);
    case Function::kRelu: return std::max(z, 0.0L);
    case Function::kLeakyRelu: return z > 0 ? z : z * 0.01L;
    case Function::kElu: return z > 0 ? z : std::expm1(z);
    case Function::kSoftplus: return std::max(z, 0.0L) + std::log1p(std::exp(-std::abs(z)));
    case Function::kGelu: return z * normal_distribution(z);
  }
  return 0;
}

/// The derivative as the header defines it, from a = f(z), for gelu from z.
long double exact_derivative(Function function, long double a) {
  switch (function) {
    case Function::kIdentity: return 1;
    case Function::kSigmoid: return a * (1 - a);
    case Function::kTanh: return (1 - a) * (1 + a);
    case Function::kRelu: return a > 0 ? 1 : 0;
    case Function::kLeakyRelu: return a > 0 ? 1 : 0.01L;
    case Function::kElu: return a > 0 ? 1 : a + 1;
    case Function::kSoftplus: return -std::expm1(-a);
    case Function::kGelu:
      return normal_distribution(a) + a * std::exp(-a * a / 2) / std::sqrt(2 * std::acos(-1.0L));
  }
  return 0;
}

/// |value − exact| in units in the last place of T at `scale`; below the smallest normal number a
/// result may be flushed to zero.
template <class T>
double ulps(T value, long double exact_value, long double scale) {
  using Limits = std::numeric_limits<T>;
  if (std::isinf(static_cast<T>(exact_value)) || std::isinf(value)) {
    return value == static_cast<T>(exact_value) ? 0 : Limits::infinity();
  }
  const long double error = std::abs(static_cast<long double>(value) - exact_value);
  scale = std::abs(scale);
  if (scale < Limits::min()) return error <= Limits::min() ? 0 : Limits::infinity();
  int exponent;
  std::frexp(scale, &exponent);
  return static_cast<double>(std::ldexp(error, Limits::digits - exponent));
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

template <class T>
MatrixView<T> one_row(std::vector<T>& values) {
  return {values.data(), 1, values.size()};
}

/// Each test runs once with each instruction set that this CPU has, and leaves the chosen one.
class Elementwise : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!select_instruction_set(GetParam())) GTEST_SKIP() << "this CPU has no " << GetParam();
    ASSERT_EQ(instruction_set(), GetParam());
  }
  void TearDown() override { select_instruction_set(chosen_); }

 private:
  std::string chosen_{instruction_set()};
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, Elementwise, testing::Values("x86-64", "avx2", "avx512"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

struct Bound {
  Function function;
  double value;
  double derivative;
};

template <class T>
void expect_accurate(const std::vector<Bound>& bounds) {
  for (const Bound& bound : bounds) {
    const std::string name = "function " + std::to_string(static_cast<int>(bound.function));
    double worst = 0, worst_derivative = 0;
    T at = 0, derivative_at = 0;
    for (const double range : {2.0, 20.0, 120.0, 800.0}) {
      const std::vector<T> z = sweep<T>(range);
      std::vector<T> a = z, slope(z.size(), T(1));
      add_bias_apply<T>(bound.function, {}, one_row(a));
      const std::vector<T>& argument = bound.function == Function::kGelu ? z : a;
      multiply_derivative<T>(bound.function, {argument.data(), 1, argument.size()}, one_row(slope));
      for (std::size_t i = 0; i < z.size(); ++i) {
        const long double expected = exact(bound.function, z[i]);
        const double error = ulps(a[i], expected, expected);
        if (!(error <= worst)) worst = error, at = z[i];
        const long double expected_slope = exact_derivative(bound.function, argument[i]);
        // The slope of gelu crosses zero at −0.75, where its two terms cancel: measured on them.
        const bool crosses = bound.function == Function::kGelu && std::abs(z[i] + 0.75) < 0.5;
        const double slope_error = ulps(slope[i], expected_slope, crosses ? 0.25L : expected_slope);
        if (!(slope_error <= worst_derivative)) worst_derivative = slope_error, derivative_at = z[i];
      }
    }
    EXPECT_LE(worst, bound.value) << name << " at " << at;
    EXPECT_LE(worst_derivative, bound.derivative) << name << ", derivative at " << derivative_at;
    if (std::getenv("EW_PRINT")) printf("%s %s %zu: %.3f %.3f\n", std::string(instruction_set()).c_str(), name.c_str(), sizeof(T), worst, worst_derivative);
  }
}

TEST_P(Elementwise, FloatIsAccurate) {
  expect_accurate<float>({{Function::kIdentity, 0, 0},
                          {Function::kSigmoid, 4, 4},
                          {Function::kTanh, 4, 4},
                          {Function::kRelu, 0, 0},
                          {Function::kLeakyRelu, 2, 2},
                          {Function::kElu, 4, 4},
                          {Function::kSoftplus, 4, 4},
                          {Function::kGelu, 4, 4}});
}

TEST_P(Elementwise, DoubleIsAccurate) {
  expect_accurate<double>({{Function::kIdentity, 0, 0},
                           {Function::kSigmoid, 4, 4},
                           {Function::kTanh, 4, 4},
                           {Function::kRelu, 0, 0},
                           {Function::kLeakyRelu, 2, 2},
                           {Function::kElu, 4, 4},
                           {Function::kSoftplus, 4, 4},
                           {Function::kGelu, 4, 4}});
}

}  // namespace
}  // namespace nabla::elementwise
