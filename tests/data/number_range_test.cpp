// SPDX-License-Identifier: MIT
#include "data/number_range.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

/// Rows (1, 2), (3, value), … of a regression.
Dataset rows_with(double value) {
  Matrix<double> features(4, 2);
  for (std::size_t i = 0; i < 4; ++i) {
    features(i, 0) = static_cast<double>(i);
    features(i, 1) = static_cast<double>(i * i);
  }
  features(2, 1) = value;
  Dataset data;
  data.features = std::move(features);
  data.task = Task::kRegression;
  data.targets = Matrix<double>(4, 1);
  data.targets(3, 0) = 1;
  return data;
}

template <class T>
std::string error(const Preprocess& preprocess, const Dataset& data) {
  return error_of<DataError>([&] { require_in_range<T>(preprocess, data, "rows"); });
}

TEST(NumberRange, NamesRowColumnNumberAndType) {
  EXPECT_EQ(error<float>({}, rows_with(-1e39)),
            "rows: row 3: feature 1: -1e+39 is beyond float32 after data.normalize = none; "
            "expected a magnitude of at most 3.4e+38, or a training with train.precision = "
            "float64");
  require_in_range<double>({}, rows_with(1e39), "rows");
}

TEST(NumberRange, NamesThePlaceInTheFile) {
  Dataset data = rows_with(1e39);
  data.origin = RowOrigin({{.name = "a.csv", .runs = {{0, 2}}}});
  expect_in("a.csv:4: feature 1: 1e+39", error<float>({}, data));
}

TEST(NumberRange, MissingFeaturesAreNotInItUnlessTheyAreFilledIn) {
  EXPECT_EQ(error<double>({}, rows_with(std::numeric_limits<double>::quiet_NaN())),
            "rows: row 3: feature 1: the value is missing (NaN); expected a number, or a model "
            "trained with data.missing");
}

// In double neither the number nor the mean overflows, and the quotient fits into a float.
TEST(NumberRange, IsThatAfterTheNormalisation) {
  const Dataset data = rows_with(1e39);
  for (const Normalization kind :
       {Normalization::kMinmax, Normalization::kStandardize, Normalization::kUnit})
    EXPECT_NO_THROW(require_in_range<float>(fit_preprocess(kind, data), data, "rows"))
        << name_of(kind);
  expect_in("row 3: feature 1: 1e+39",
            error<float>(fit_preprocess(Normalization::kCenter, data), data));
}

TEST(NumberRange, OfARotationNamesTheFeatureFarthestFromItsMean) {
  const Dataset data = rows_with(4);
  const Preprocess pca = fit_preprocess(Normalization::kPca, data);
  EXPECT_NO_THROW(require_in_range<float>(pca, data, "rows"));
  expect_in("row 3: feature 1: -1e+39 is beyond float32 after data.normalize = pca",
            error<float>(pca, rows_with(-1e39)));
}

TEST(NumberRange, OfDoubleMayBeLeftToo) {
  Preprocess tiny{.kind = Normalization::kStandardize, .shift = {0, 0}, .divisor = {1, 1e-10}};
  expect_in("row 3: feature 1: 1e+300 is beyond float64", error<double>(tiny, rows_with(1e300)));
}

TEST(NumberRange, OfTargets) {
  Dataset data = rows_with(4);
  data.targets(1, 0) = 1e39;
  expect_in("row 2: target: 1e+39 is beyond float32 after data.standardize-targets = no",
            error<float>({}, data));
  EXPECT_NO_THROW(require_in_range<float>({.targets = fit_targets(data)}, data, "rows"));
  EXPECT_NO_THROW(require_in_range<double>({}, data, "rows"));
}

// An infinite feature is the matter of the training.
TEST(NumberRange, LeavesAloneWhatIsInfiniteFromTheStart) {
  EXPECT_NO_THROW(
      require_in_range<float>({}, rows_with(std::numeric_limits<double>::infinity()), "rows"));
}

TEST(NumberRange, OfFilledFeatures) {
  const Dataset data = rows_with(std::numeric_limits<double>::quiet_NaN());
  Preprocess filled{.missing = {.kind = Missing::kMean, .values = {0, 1e39}, .indicators = {1}}};
  // The number is not the file's.
  EXPECT_EQ(error<float>(filled, data),
            "rows: row 3: feature 1: the value is missing, and the 1e+39 of data.missing = mean is "
            "beyond float32 after data.normalize = none; expected a magnitude of at most 3.4e+38, "
            "or a training with train.precision = float64");
  filled.missing.values = {0, 1};
  EXPECT_NO_THROW(require_in_range<float>(filled, data, "rows"));
}

}  // namespace
}  // namespace nabla
