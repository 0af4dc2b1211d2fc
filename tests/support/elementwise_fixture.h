// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

#include "nabla/math/elementwise.h"

namespace nabla::elementwise {

inline std::vector<Activation> elementwise_activations() {
  std::vector<Activation> activations;
  for (const ActivationTraits& row : kActivations)
    if (row.is_elementwise()) activations.push_back(row.kind);
  return activations;
}

/// The largest width that is tested: a few vectors of any instruction set and more.
inline constexpr std::size_t kMaxCols = 70;

/// Runs each test once with each instruction set that this CPU has, then restores the chosen one.
class InstructionSets : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!select_instruction_set(GetParam())) GTEST_SKIP() << "this CPU has no " << GetParam();
    ASSERT_EQ(instruction_set(), GetParam());
  }
  void TearDown() override { select_instruction_set(chosen_); }

 private:
  std::string chosen_{instruction_set()};
};

inline auto all_instruction_sets() { return testing::Values("x86-64", "avx2", "avx512"); }

inline std::string instruction_set_name(const testing::TestParamInfo<const char*>& set) {
  std::string name = set.param;
  name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
  return name;
}

/// Returns |value − exact| in units in the last place of T at `scale`. If the scale is below
/// `smallest`, the value may have been flushed to zero.
template <class T>
double ulps(T value, long double exact, long double scale,
            T smallest = std::numeric_limits<T>::min()) {
  using Limits = std::numeric_limits<T>;
  if (std::isinf(static_cast<T>(exact)) || std::isinf(value)) {
    return value == static_cast<T>(exact) ? 0 : std::numeric_limits<double>::infinity();
  }
  const long double error = std::abs(static_cast<long double>(value) - exact);
  scale = std::abs(scale);
  if (scale < smallest) return error <= smallest ? 0 : std::numeric_limits<double>::infinity();
  int exponent;
  std::frexp(scale, &exponent);
  return static_cast<double>(std::ldexp(error, Limits::digits - exponent));
}

template <class T>
MatrixView<T> one_row(std::vector<T>& values) {
  return {values.data(), 1, values.size()};
}

template <class T>
MatrixView<const T> one_row(const std::vector<T>& values) {
  return {values.data(), 1, values.size()};
}

/// Returns the i-th of a sequence of numbers of mixed sign and size, none of them special.
template <class T>
T sample(std::size_t i) {
  const double x = static_cast<double>(i) + 1;
  return static_cast<T>(std::sin(x * 1.7) * 9 * std::abs(std::cos(x * 0.37)));
}

}  // namespace nabla::elementwise
