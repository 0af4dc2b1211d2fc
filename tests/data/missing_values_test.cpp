// SPDX-License-Identifier: MIT
#include "data/missing_values.h"

#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/matrix.h"
#include "nabla/data/data_options.h"

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
  EXPECT_TRUE(fit_missing(Missing::kError, true, holes()).is_identity());
  expect_in("feature 1 (from 0) is missing in all training rows", error_of<DataError>([] {
              fit_missing(Missing::kMean, false, rows_of(2, {1, kNan, 2, kNan}));
            }));
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
