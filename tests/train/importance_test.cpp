// SPDX-License-Identifier: MIT
#include "nabla/train/importance.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <utility>

#include "support/features.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;

/// Its output is the first of three features.
Model<double> first_feature() {
  auto model = make_model<double>({3, 1}, {Activation::kIdentity}, Cost::kMse, Task::kRegression);
  std::ranges::fill(model.network.parameters(), 0.0);
  model.network.weight(0)(0, 0) = 1;
  return model;
}

Dataset rows_of_first_feature(std::size_t rows) {
  Dataset data = random_targets(rows, 3, 1);
  const Matrix<double> features = copy_of_features(data);
  for (std::size_t i = 0; i < rows; ++i) data.targets(i, 0) = features(i, 0);
  return data;
}

TEST(Importance, IsThatOfTheColumnsThatTheOutputsDependOn) {
  const Dataset data = rows_of_first_feature(500);
  const auto importance =
      permutation_importance(first_feature(), data, {}, *make_serial_executor());
  ASSERT_EQ(importance.size(), 3U);
  EXPECT_EQ(importance[1].name, "feature 1");
  EXPECT_EQ(importance[1].mean, 0);
  EXPECT_EQ(importance[2].deviation, 0);
  // R² of independent values of the same distribution is −1 on average, so that 2 is lost.
  EXPECT_NEAR(importance[0].mean, 2, 0.3);
  EXPECT_GT(importance[0].deviation, 0);
}

TEST(Importance, FollowsFromTheSeedAndLeavesTheDataAsTheyAre) {
  const Dataset data = rows_of_first_feature(100);
  const Matrix<double> before = copy_of_features(data);
  const auto importance = [&](std::uint64_t seed, std::size_t threads) {
    return permutation_importance(first_feature(), data, {.repeats = 2, .seed = seed},
                                  *make_executor(threads))[0]
        .mean;
  };
  EXPECT_EQ(importance(1, 1), importance(1, 3));
  EXPECT_NE(importance(1, 1), importance(2, 1));
  EXPECT_TRUE(std::ranges::equal(copy_of_features(data).elements(), before.elements()));
}

TEST(Importance, CategoriesOfAColumnArePermutedTogether) {
  Dataset data = rows_of_first_feature(100);
  data.one_hot.columns = {{.feature = 0, .categories = {"a", "b"}}};
  data.columns = {.count = 3,
                  .names = {"colour", "size", "price"},
                  .targets = {2},
                  .weights = {},
                  .ignored = {}};
  const auto importance =
      permutation_importance(first_feature(), data, {}, *make_serial_executor());
  ASSERT_EQ(importance.size(), 2U);
  EXPECT_EQ(importance[0].name, "colour");
  EXPECT_EQ(importance[1].name, "size");
  EXPECT_GT(importance[0].mean, 1);
  EXPECT_EQ(importance[1].mean, 0);
}

// The output is the indicator of the feature, which goes with the feature when that is permuted.
TEST(Importance, OfAColumnCountsTheIndicatorOfItsMissingValues) {
  auto model = make_model<double>({4, 1}, {Activation::kIdentity}, Cost::kMse, Task::kRegression);
  std::ranges::fill(model.network.parameters(), 0.0);
  model.network.weight(0)(0, 3) = 1;
  model.preprocess.missing = {.kind = Missing::kMean, .values = {0, 0, 0}, .indicators = {1}};
  Dataset data = random_targets(100, 3, 1);
  Matrix<double> features = copy_of_features(data);
  for (std::size_t i = 0; i < 100; ++i) {
    data.targets(i, 0) = i % 3 == 0 ? 1 : 0;
    if (i % 3 == 0) features(i, 1) = std::numeric_limits<double>::quiet_NaN();
  }
  data.features = FeatureMatrix<double>(std::move(features));
  const auto importance = permutation_importance(model, data, {}, *make_serial_executor());
  ASSERT_EQ(importance.size(), 3U);
  EXPECT_EQ(importance[0].mean, 0);
  EXPECT_GT(importance[1].mean, 1);
  EXPECT_EQ(importance[2].mean, 0);
}

}  // namespace
}  // namespace nabla
