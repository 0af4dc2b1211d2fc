// SPDX-License-Identifier: MIT
#include "data/gather.h"

#include <gtest/gtest.h>
#include <vector>

#include "support/models.h"
#include "support/rounding.h"

namespace nabla {
namespace {

using namespace testing_support;

const std::vector<std::uint32_t> kRows = {4, 0, 4, 2};

/// Makes 5 rows of 70 features that count from 0 to 255 and start again.
template <class S>
Dataset counted() {
  Matrix<S> features(5, 70, 80);
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t c = 0; c < 70; ++c) features(r, c) = static_cast<S>((r * 70 + c) % 256);
  Dataset data;
  data.features = std::move(features);
  return data;
}

template <class S, class T>
void expect_gathered(Normalization kind) {
  constexpr T kUntouched = -7;
  Matrix<T> inputs(kRows.size(), 70, 96);
  for (T& x : inputs.elements()) x = kUntouched;
  gather_inputs(counted<S>(), InputTransform<T>({.kind = kind}), kRows, inputs.view());
  // 1/255 is rounded, and so is the product.
  const auto expected_of = [&](long double x) {
    return kind == Normalization::kScale ? x * Rounded<T>::converted(1 / 255.0L) : Rounded<T>(x);
  };
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    for (std::size_t c = 0; c < 70; ++c)
      ASSERT_ROUNDED(inputs(i, c),
                     expected_of(static_cast<long double>((kRows[i] * 70 + c) % 256)));
    for (std::size_t c = 70; c < 96; ++c) ASSERT_EQ(inputs.data()[i * 96 + c], kUntouched);
  }
}

TEST(GatherInputs, ConvertsFromEveryTypeInTheOrderOfTheRows) {
  expect_gathered<std::uint8_t, float>(Normalization::kNone);
  expect_gathered<std::uint8_t, double>(Normalization::kNone);
  expect_gathered<float, float>(Normalization::kNone);
  expect_gathered<float, double>(Normalization::kNone);
  expect_gathered<double, float>(Normalization::kNone);
  expect_gathered<double, double>(Normalization::kNone);
}

TEST(GatherInputs, Scales) {
  expect_gathered<std::uint8_t, float>(Normalization::kScale);
  expect_gathered<std::uint8_t, double>(Normalization::kScale);
  expect_gathered<float, float>(Normalization::kScale);
  expect_gathered<double, double>(Normalization::kScale);
}

TEST(GatherTargets, LabelsBecomeOnesAmongZeros) {
  const Dataset data = random_classes(5, 2, 3);
  Matrix<float> targets(kRows.size(), 3);
  for (float& y : targets.elements()) y = -7;
  gather_targets(data, kRows, targets.view());
  for (std::size_t i = 0; i < kRows.size(); ++i)
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_EQ(targets(i, j), data.labels[kRows[i]] == j ? 1.0F : 0.0F);
}

TEST(GatherTargets, ValuesAreConverted) {
  const Dataset data = random_targets(5, 2, 3);
  Matrix<float> targets(kRows.size(), 3);
  gather_targets(data, kRows, targets.view());
  for (std::size_t i = 0; i < kRows.size(); ++i)
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_EQ(targets(i, j), static_cast<float>(data.targets(kRows[i], j)));
}

TEST(GatherTargets, ValuesAreStandardised) {
  const Dataset data = random_targets(5, 2, 3);
  const TargetScaling scaling{{1, 2, 3}, {0.5, 4, 1}};
  Matrix<double> targets(kRows.size(), 3);
  gather_targets(data, kRows, targets.view(), scaling);
  for (std::size_t i = 0; i < kRows.size(); ++i)
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_EQ(targets(i, j), (data.targets(kRows[i], j) - scaling.shift[j]) / scaling.divisor[j]);
}

}  // namespace
}  // namespace nabla
