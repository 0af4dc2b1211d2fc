// SPDX-License-Identifier: MIT
#include "data/input_transform.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <type_traits>
#include <vector>

#include "base/random.h"
#include "data/entry_counts.h"
#include "data/gather.h"
#include "math/bfloat16.h"
#include "support/models.h"
#include "support/naive_preprocess.h"

namespace nabla {
namespace {

using namespace testing_support;

/// Returns rows of 0 to 255 around a different middle in each column; one column is constant, one
/// row zero.
template <class S>
Matrix<S> numbers(std::size_t rows, std::size_t cols) {
  Random random(rows, static_cast<std::uint32_t>(cols));
  Matrix<S> matrix(rows, cols);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j)
      matrix(i, j) = static_cast<S>(random.below(1 + static_cast<std::uint32_t>(j * 37 % 256)));
  for (S& x : matrix.row(rows / 2)) x = 0;
  return matrix;
}

/// Compares every kind with the naive twin, on more rows than a block and more features than a
/// block.
template <class S, class T>
void expect_inputs_of_twin() {
  constexpr bool kScalesInT = std::is_same_v<S, std::uint8_t> || std::is_same_v<S, T>;
  using A = std::conditional_t<kScalesInT, T, double>;
  for (const std::size_t width : {1UL, 5UL, 70UL, 300UL})
    for (const Normalization choice : kNormalizations) {
      const Matrix<S> features = numbers<S>(67, width);
      Dataset data;
      data.features = features;
      const Preprocess fitted = fit_preprocess(choice, data, (width + 1) / 2);
      const std::size_t outputs = fitted.outputs(width);
      std::vector<std::uint32_t> rows;
      for (std::uint32_t i = 0; i < 67; ++i) rows.push_back(i * 5 % 67);
      Matrix<T> inputs(rows.size(), outputs, outputs + 3);
      gather_inputs(data, InputTransform<T>(fitted), rows, inputs.view());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = features.row(rows[i]);
        const auto expected = naive_inputs<T, A>(fitted, {row.begin(), row.end()});
        for (std::size_t j = 0; j < outputs; ++j)
          ASSERT_ROUNDED(inputs(i, j), expected[j]) << name_of(fitted.kind) << ", width " << width;
        ASSERT_EQ(inputs.data()[i * inputs.stride() + outputs], T(0)) << "beyond the row";
      }
    }
}

TEST(InputTransform, EqualsTheNaiveTwin) {
  expect_inputs_of_twin<std::uint8_t, double>();
  expect_inputs_of_twin<float, double>();
  expect_inputs_of_twin<double, double>();
  expect_inputs_of_twin<std::uint8_t, float>();
  expect_inputs_of_twin<float, float>();
  expect_inputs_of_twin<double, float>();
}

/// Compares inputs that are gathered to bfloat16 with those gathered to float and rounded then.
template <class S>
void expect_rounded_inputs() {
  for (const std::size_t width : {1UL, 70UL, 600UL})
    for (const Normalization choice : kNormalizations)
      for (const bool is_sparse : {false, true}) {
        Dataset data;
        data.features = numbers<S>(40, width);
        const Preprocess fitted = fit_preprocess(choice, data, (width + 1) / 2);
        if (is_sparse) data = to_sparse(data);
        const InputTransform<float> transform(fitted);
        const std::size_t inputs = fitted.outputs(width);
        const auto rows = first_rows(40);
        Matrix<float> whole(40, inputs);
        Matrix<bfloat16_t> rounded(40, inputs, inputs + 3);
        gather_inputs(data, transform, rows, whole.view());
        gather_inputs(data, transform, rows, rounded.view());
        for (std::size_t i = 0; i < 40; ++i) {
          for (std::size_t j = 0; j < inputs; ++j)
            ASSERT_EQ(rounded(i, j).bits, to_bfloat16(whole(i, j)).bits)
                << name_of(fitted.kind) << ", width " << width;
          ASSERT_EQ(rounded.data()[i * rounded.stride() + inputs].bits, 0) << "beyond the row";
        }
      }
}

TEST(InputTransform, WritesInputsRoundedToBfloat16) {
  expect_rounded_inputs<std::uint8_t>();
  expect_rounded_inputs<float>();
  expect_rounded_inputs<double>();
}

// The division into batches and threads never changes a bit.
TEST(InputTransform, ARowDoesNotDependOnItsNeighbours) {
  Dataset data;
  data.features = numbers<float>(40, 300);
  const auto rows = first_rows(40);
  for (const Normalization choice : kNormalizations) {
    const InputTransform<float> transform(fit_preprocess(choice, data, 77));
    const std::size_t width = preprocessed_width(choice, 300, 77);
    Matrix<float> all(40, width), parts(40, width);
    gather_inputs(data, transform, rows, all.view());
    for (std::size_t first = 0; first < 40; first += 13) {
      const std::size_t count = std::min<std::size_t>(13, 40 - first);
      gather_inputs(data, transform, std::span(rows).subspan(first, count),
                    parts.view().row_range(first, count));
    }
    EXPECT_TRUE(std::ranges::equal(all.elements(), parts.elements()));
  }
}

TEST(InputTransform, MinmaxEndsAtExactlyZeroAndOne) {
  Random random(1, 1);
  Matrix<double> features(2, 1000);
  Matrix<std::uint8_t> bytes(2, 1000);
  for (double& x : features.elements()) x = random.uniform(-1e6, 1e6);
  for (std::size_t j = 0; j < 1000; ++j) {
    bytes(0, j) = static_cast<std::uint8_t>(random.below(100));
    bytes(1, j) = static_cast<std::uint8_t>(101 + random.below(155));
    if (features(0, j) > features(1, j)) std::swap(features(0, j), features(1, j));
  }
  Dataset doubles, small;
  doubles.features = std::move(features);
  small.features = std::move(bytes);
  for (const Dataset& data : {doubles, small}) {
    Matrix<float> inputs(2, 1000);
    const Preprocess fitted = fit_preprocess(Normalization::kMinmax, data);
    gather_inputs(data, InputTransform<float>(fitted), first_rows(2), inputs.view());
    for (std::size_t j = 0; j < 1000; ++j) {
      ASSERT_EQ(inputs(0, j), 0.0F);
      ASSERT_EQ(inputs(1, j), 1.0F);
    }
  }
}

TEST(InputTransform, DoublesAreCentredBeforeTheyAreRounded) {
  Matrix<double> features(2, 1);
  features(0, 0) = 1e9 - 0.5;
  features(1, 0) = 1e9 + 0.5;
  Dataset data;
  data.features = std::move(features);
  for (const Normalization choice : {Normalization::kStandardize, Normalization::kPca}) {
    Matrix<float> inputs(2, 1);
    gather_inputs(data, InputTransform<float>(fit_preprocess(choice, data)), first_rows(2),
                  inputs.view());
    const float expected = choice == Normalization::kPca ? 0.5F : 1.0F;
    EXPECT_EQ(inputs(0, 0), -expected);
    EXPECT_EQ(inputs(1, 0), expected);
  }
}

TEST(InputTransform, UnitLengthOfVeryLargeAndSmallNumbers) {
  Matrix<double> features(4, 2);
  for (const auto& [row, size] : {std::pair{0UL, 1e300}, {1UL, 1e-300}, {2UL, 0.0}, {3UL, 1.0}}) {
    features(row, 0) = 3 * size;
    features(row, 1) = -4 * size;
  }
  Dataset data;
  data.features = std::move(features);
  Matrix<double> inputs(4, 2);
  gather_inputs(data, InputTransform<double>({.kind = Normalization::kUnit}), first_rows(4),
                inputs.view());
  for (const std::size_t row : {0UL, 1UL, 3UL}) {
    // A division by the largest, a sum of two squares, its root and a division make 5 roundings.
    EXPECT_ROUNDED(inputs(row, 0), Rounded<double>(0.6L, 0.6L * gamma<double>(5)));
    EXPECT_ROUNDED(inputs(row, 1), Rounded<double>(-0.8L, 0.8L * gamma<double>(5)));
  }
  EXPECT_EQ(inputs(2, 0), 0);
}

}  // namespace
}  // namespace nabla
