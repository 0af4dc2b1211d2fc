// SPDX-License-Identifier: MIT
#include "data/row_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = ClassWeights::Kind;

Dataset dataset() {
  Dataset data;
  data.features = Matrix<double>(6, 1);
  data.classes = {"a", "b", "never"};
  data.labels = {0, 1, 0, 0, 0, 1};
  return data;
}

TEST(RowWeights, AreEmptyWhereAllAreOne) {
  Dataset data = dataset();
  EXPECT_THAT(row_weights(data, {}), IsEmpty());
  EXPECT_THAT(row_weights(data, {Kind::kList, {1, 1, 7}}), IsEmpty());
  data.weights = {1, 1, 1, 1, 1, 1};
  EXPECT_THAT(row_weights(data, {}), IsEmpty());
}

TEST(RowWeights, MultiplyThoseOfRowAndClass) {
  Dataset data = dataset();
  // 6 rows, 3 classes: 6/(3·4) for a, 6/(3·2) for b.
  EXPECT_THAT(row_weights(data, {Kind::kBalanced, {}}), ElementsAre(0.5, 1, 0.5, 0.5, 0.5, 1));
  data.weights = {2, 3, 0, 1, 1, 0.5};
  EXPECT_THAT(row_weights(data, {}), ElementsAre(2, 3, 0, 1, 1, 0.5));
  EXPECT_THAT(row_weights(data, {Kind::kList, {10, 100, 1}}), ElementsAre(20, 300, 0, 10, 10, 50));
}

TEST(RowWeights, RefuseWhatDoesNotFit) {
  Dataset data = dataset();
  const auto refusal = [&](const ClassWeights& weights) {
    return error_of<ConfigError>([&] { row_weights(data, weights); });
  };
  EXPECT_THAT(refusal({Kind::kList, {1, 2}}),
              HasSubstr("2 weights, expected one for each of the 3"));
  data.weights = {0, 1, 0, 0, 0, 1};
  EXPECT_THROW(row_weights(data, {Kind::kList, {1, 0, 1}}), DataError);
  data.weights[0] = std::numeric_limits<double>::max();
  EXPECT_THROW(row_weights(data, {Kind::kList, {2, 1, 1}}), DataError);
  data.task = Task::kRegression;
  EXPECT_THAT(refusal({Kind::kBalanced, {}}), HasSubstr("regression"));
}

}  // namespace
}  // namespace nabla
