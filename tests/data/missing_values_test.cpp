// SPDX-License-Identifier: MIT
#include "data/missing_values.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <span>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"
#include "nabla/data/data_options.h"

#include "base/random.h"
#include "data/entry_counts.h"
#include "data/input_transform.h"
#include "support/errors.h"
#include "support/features.h"

namespace nabla {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Dataset rows_of(std::size_t columns, const std::vector<double>& values) {
  Matrix<double> matrix(values.size() / columns, columns);
  std::ranges::copy(values, matrix.data());
  Dataset data;
  data.features = FeatureMatrix<double>(std::move(matrix));
  return data;
}

const Dataset& holes() {
  static const Dataset kData = rows_of(2, {4, 1, kNan, 2, 1, 2, kNan, 1, 9, 5, 1, 7});
  return kData;
}

TEST(MissingValues, StatisticsAreThoseOfTheValuesThatAreThere) {
  // The first feature has 1, 1, 4, 9, the second 1, 1, 2, 2, 5, 7.
  EXPECT_EQ(fit_missing(Missing::kMean, false, holes()).values, (std::vector<double>{3.75, 3}));
  EXPECT_EQ(fit_missing(Missing::kMedian, false, holes()).values, (std::vector<double>{2.5, 2}));
  EXPECT_EQ(fit_missing(Missing::kMostFrequent, false, holes()).values,
            (std::vector<double>{1, 1}));
  EXPECT_TRUE(fit_missing(Missing::kError, true, rows_of(1, {1, 2})).is_identity());
  expect_in(
      "the training rows: row 2: feature 0: the value is missing (NaN); expected a number, or "
      "data.missing = median",
      error_of<DataError>([] { fit_missing(Missing::kError, false, holes()); }));
  expect_in("feature 1 is missing in all training rows", error_of<DataError>([] {
              fit_missing(Missing::kMean, false, rows_of(2, {1, kNan, 2, kNan}));
            }));
}

TEST(MissingValues, StatisticsOfSparseRowsCountTheirZeros) {
  constexpr std::size_t kFeatures = 11;  // more than are gathered at once
  Random random(1);
  std::vector<double> values;
  for (std::size_t i = 0; i < 31 * kFeatures; ++i)
    values.push_back(i % 7 == 3 ? kNan : std::floor(random.uniform(-2.0, 3.0)));
  const Dataset dense = rows_of(kFeatures, values);
  for (const Missing kind : {Missing::kMean, Missing::kMedian, Missing::kMostFrequent})
    EXPECT_EQ(fit_missing(kind, true, to_sparse(dense)), fit_missing(kind, true, dense))
        << name_of(kind);
}

TEST(MissingValues, IndicatorsTellOfTheFeaturesThatTrainingRowsLack) {
  const MissingFill fill = fit_missing(Missing::kMedian, true, holes());
  EXPECT_EQ(fill.indicators, (std::vector<std::size_t>{0}));
  const Matrix<double> rows = testing_support::copy_of_features(filled(fill, holes()));
  const auto row = [&](std::size_t i) {
    return std::vector<double>(rows.row(i).begin(), rows.row(i).end());
  };
  EXPECT_EQ(row(0), (std::vector<double>{4, 1, 0}));
  EXPECT_EQ(row(1), (std::vector<double>{2.5, 2, 1}));
}

TEST(MissingValues, AreFilledBeforeTheNormalisationWhichLeavesIndicatorsAlone) {
  DataOptions options;
  options.missing = Missing::kMedian;
  options.missing_indicator = true;
  options.normalize = Normalization::kMinmax;
  const Preprocess preprocess = fit_preprocess(options, holes());
  EXPECT_EQ(preprocess.outputs(2), 3U);
  EXPECT_EQ(preprocess.features(3), 2U);
  EXPECT_EQ(preprocessed_width(options, holes()), 3U);
  const std::vector<double> row = {kNan, 4};
  const double* const address = row.data();
  Matrix<double> inputs(1, 3);
  InputTransform<double>(preprocess).apply(std::span(&address, 1), inputs.view());
  // The ranges are 1 to 9 and 1 to 7.
  EXPECT_DOUBLE_EQ(inputs(0, 0), 1.5 / 8);
  EXPECT_DOUBLE_EQ(inputs(0, 1), 0.5);
  EXPECT_EQ(inputs(0, 2), 1);
}

// In types that need a conversion and in rows of more features than are filled at once.
TEST(MissingValues, AreFilledInRowsOfAnyWidthAndType) {
  constexpr std::size_t kFeatures = 600;
  Matrix<float> features(20, kFeatures);
  for (std::size_t i = 0; i < features.rows(); ++i)
    for (std::size_t j = 0; j < kFeatures; ++j)
      features(i, j) = i == 7 || (i + j) % 5 > 0 ? static_cast<float>(i * j % 17) : kNan;
  Dataset data;
  data.features = FeatureMatrix<float>(features);
  DataOptions options;
  options.missing = Missing::kMean;
  options.missing_indicator = true;
  std::vector<const float*> rows;
  for (std::size_t i = 0; i < features.rows(); ++i) rows.push_back(features.row(i).data());
  for (const Normalization normalization : {Normalization::kNone, Normalization::kStandardize,
                                            Normalization::kUnit, Normalization::kPca}) {
    options.normalize = normalization;
    options.components = normalization == Normalization::kPca ? 3 : 0;
    const Preprocess preprocess = fit_preprocess(options, data);
    ASSERT_EQ(preprocess.missing.indicators.size(), kFeatures);
    Preprocess of_filled = preprocess;
    of_filled.missing = {};
    const Matrix<double> whole =
        testing_support::copy_of_features(filled(preprocess.missing, data));
    std::vector<const double*> whole_rows;
    for (std::size_t i = 0; i < whole.rows(); ++i) whole_rows.push_back(whole.row(i).data());
    Matrix<float> inputs(20, preprocess.outputs(kFeatures)), expected = inputs;
    InputTransform<float>(preprocess).apply(std::span<const float* const>(rows), inputs.view());
    InputTransform<float>(of_filled).apply(std::span<const double* const>(whole_rows),
                                           expected.view());
    EXPECT_TRUE(std::ranges::equal(inputs.elements(), expected.elements()))
        << name_of(normalization);
  }
}

TEST(MissingValues, CategoriesAndIndicatorsStay0And1UnderScaleAndUnit) {
  Dataset data = rows_of(4, {3, 1, 0, 4, kNan, 0, 1, 5});
  data.one_hot.columns = {{1, {"a", "b"}}};
  DataOptions options;
  options.missing = Missing::kMean;
  options.missing_indicator = true;
  const auto inputs_of = [&](Normalization normalization) {
    options.normalize = normalization;
    const Preprocess preprocess = fit_preprocess(options, data);
    EXPECT_EQ(preprocess.binary, (std::vector<std::size_t>{1, 2, 4}));
    Matrix<double> inputs(2, 5);
    const Matrix<double> features = testing_support::copy_of_features(data);
    const double* const rows[] = {features.row(0).data(), features.row(1).data()};
    InputTransform<double>(preprocess).apply(std::span<const double* const>(rows), inputs.view());
    return inputs;
  };
  const Matrix<double> unit = inputs_of(Normalization::kUnit);
  EXPECT_EQ(unit(0, 0), 3.0 / 5);
  EXPECT_EQ(unit(0, 1), 1);
  EXPECT_EQ(unit(0, 2), 0);
  EXPECT_EQ(unit(0, 3), 4.0 / 5);
  EXPECT_EQ(unit(0, 4), 0);
  EXPECT_EQ(unit(1, 4), 1);
  const Matrix<double> scaled = inputs_of(Normalization::kScale);
  EXPECT_DOUBLE_EQ(scaled(0, 0), 3.0 / 255);
  EXPECT_EQ(scaled(0, 1), 1);
  EXPECT_EQ(scaled(1, 2), 1);
  EXPECT_EQ(scaled(1, 4), 1);
}

TEST(MissingValues, CategoriesStay0And1UnlessTheyAreRotated) {
  Dataset data = rows_of(3, {5, 1, 0, 7, 0, 1, 9, 0, 1});
  data.one_hot.columns = {{1, {"a", "b"}}};
  DataOptions options;
  options.normalize = Normalization::kStandardize;
  const Preprocess preprocess = fit_preprocess(options, data);
  EXPECT_EQ(preprocess.shift, (std::vector<double>{7, 0, 0}));
  EXPECT_EQ(preprocess.divisor[1], 1);
  EXPECT_EQ(preprocess.divisor[2], 1);
  options.normalize = Normalization::kPca;
  EXPECT_NE(fit_preprocess(options, data).shift[1], 0);
}

}  // namespace
}  // namespace nabla
