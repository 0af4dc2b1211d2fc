// SPDX-License-Identifier: MIT
#include "run/evaluation.h"

#include <cmath>
#include <gtest/gtest.h>

#include "data/digits.h"

namespace nabla {
namespace {

TEST(Evaluation, ScoresOfAClassAreSharesOfItsRowAndColumn) {
  Matrix<std::uint32_t> confusion(3, 3);
  confusion(0, 0) = 6;
  confusion(0, 1) = 2;
  confusion(1, 0) = 1;
  confusion(1, 1) = 3;
  const std::vector<ClassScores> scores = class_scores(confusion);
  ASSERT_EQ(scores.size(), 3U);
  EXPECT_DOUBLE_EQ(scores[0].precision, 6.0 / 7);
  EXPECT_DOUBLE_EQ(scores[0].recall, 6.0 / 8);
  EXPECT_DOUBLE_EQ(scores[0].f1, 2.0 * 6 / (7 + 8));
  EXPECT_EQ(scores[0].rows, 8U);
  EXPECT_DOUBLE_EQ(scores[1].recall, 3.0 / 4);
  EXPECT_TRUE(std::isnan(scores[2].precision) && std::isnan(scores[2].recall));
  EXPECT_TRUE(std::isnan(scores[2].f1));
}

TEST(Evaluation, TakesTestRowsBeforeValidationRowsBeforeTrainingRows) {
  DataSplit data;
  data.train = make_digits(1, 0, 6);
  EXPECT_EQ(rows_to_evaluate(data).name, "training");
  data.validation = make_digits(1, 0, 4);
  EXPECT_EQ(rows_to_evaluate(data).name, "validation");
  data.test = make_digits(1, 0, 2);
  const EvaluatedRows rows = rows_to_evaluate(data);
  EXPECT_EQ(rows.name, "test");
  EXPECT_EQ(rows.data.rows(), 2U);
}

}  // namespace
}  // namespace nabla
