// SPDX-License-Identifier: MIT
#include "optimize/optimizer.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/random.h"

namespace nabla {
namespace {

template <class T>
std::vector<T> normal_values(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<T> values(count);
  for (T& x : values) x = static_cast<T>(random.normal());
  return values;
}

/// Makes three steps of all parameters, each in ranges that end at `cuts`.
template <class T>
std::vector<T> stepped(Algorithm algorithm, const std::vector<std::size_t>& cuts) {
  std::vector<T> parameters = normal_values<T>(cuts.back(), 1);
  Optimizer<T> optimizer({.algorithm = algorithm}, {.l1 = 0.01, .l2 = 0.1}, parameters.size());
  for (std::uint64_t step = 0; step < 3; ++step) {
    const std::vector<T> nabla = normal_values<T>(parameters.size(), 2 + step);
    optimizer.begin_step(0.1);
    std::size_t first = 0;
    for (const std::size_t last : cuts) {
      optimizer.step_range(ParameterKind::kWeights,
                           std::span(parameters).subspan(first, last - first), first,
                           std::span(nabla).subspan(first, last - first), 0.5);
      first = last;
    }
  }
  return parameters;
}

template <class T>
void expect_bits_do_not_depend_on_ranges() {
  for (const Algorithm algorithm : all_algorithms()) {
    const auto whole = stepped<T>(algorithm, {103});
    const auto cut = stepped<T>(algorithm, {1, 2, 19, 51, 52, 103});
    EXPECT_EQ(std::memcmp(whole.data(), cut.data(), whole.size() * sizeof(T)), 0)
        << name_of(algorithm);
  }
}

TEST(Optimizer, BitsDoNotDependOnTheRanges) {
  expect_bits_do_not_depend_on_ranges<float>();
  expect_bits_do_not_depend_on_ranges<double>();
}

TEST(Optimizer, PenaltiesAndDecayAreForWeightsOnly) {
  for (const Algorithm algorithm : all_algorithms()) {
    Optimizer<double> optimizer({.algorithm = algorithm}, {.l1 = 0.5, .l2 = 0.5}, 4);
    std::vector<double> parameters = {1, -2, 0, 3};
    const std::vector<double> before = parameters, nabla(4, 0.0);
    optimizer.begin_step(0.1);
    optimizer.step_range(ParameterKind::kOthers, parameters, 0, nabla, 1);
    EXPECT_EQ(parameters, before) << name_of(algorithm);
    optimizer.step_range(ParameterKind::kWeights, parameters, 0, nabla, 1);
    EXPECT_LT(parameters[0], 1) << name_of(algorithm);
    EXPECT_GT(parameters[1], -2) << name_of(algorithm);
    EXPECT_EQ(parameters[2], 0) << name_of(algorithm) << ": the penalties have no slope at 0";
  }
}

TEST(Optimizer, ShowsNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Algorithm algorithm : all_algorithms()) {
    Optimizer<double> optimizer({.algorithm = algorithm}, {}, 1);
    std::vector<double> parameter = {1}, nabla = {nan};
    optimizer.begin_step(0.1);
    optimizer.step_range(ParameterKind::kWeights, parameter, 0, nabla, 1);
    EXPECT_TRUE(std::isnan(parameter[0])) << name_of(algorithm);
  }
}

TEST(Optimizer, GoesOnFromARestoredState) {
  for (const Algorithm algorithm : all_algorithms()) {
    const OptimizerOptions options{.algorithm = algorithm};
    Optimizer<float> first(options, {}, 8), second(options, {}, 8);
    std::vector<float> a = normal_values<float>(8, 1);
    const std::vector<float> nabla = normal_values<float>(8, 2);
    const auto step = [&](Optimizer<float>& optimizer, std::vector<float>& parameters) {
      optimizer.begin_step(0.1);
      optimizer.step_range(ParameterKind::kWeights, parameters, 0, nabla, 1);
    };
    for (int i = 0; i < 3; ++i) step(first, a);
    second.restore(first.state());
    std::vector<float> b = a;
    step(first, a);
    step(second, b);
    EXPECT_EQ(a, b) << name_of(algorithm);
    EXPECT_THROW(second.restore({.steps = 1, .slots = std::vector<AlignedArray<float>>(3)}),
                 DataError);
  }
}

TEST(Optimizer, RefusesConstantsOutOfRange) {
  const auto make = [](const OptimizerOptions& options) { validate(options); };
  EXPECT_THROW(make({.momentum = 1}), ConfigError);
  EXPECT_THROW(make({.beta1 = -0.1}), ConfigError);
  EXPECT_THROW(make({.beta2 = 1}), ConfigError);
  EXPECT_THROW(make({.epsilon = -1}), ConfigError);
  EXPECT_THROW(make({.decay = std::numeric_limits<double>::quiet_NaN()}), ConfigError);
  EXPECT_THROW(make({.weight_decay = std::numeric_limits<double>::infinity()}), ConfigError);
}

}  // namespace
}  // namespace nabla
