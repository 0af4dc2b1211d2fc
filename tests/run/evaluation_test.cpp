// SPDX-License-Identifier: MIT
#include "run/evaluation.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "data/digits.h"
#include "train/confusion.h"

namespace nabla {
namespace {

ClassificationScores scores_of_cells(std::size_t classes, std::vector<ConfusionCell> cells) {
  ClassificationScores scores;
  set_confusion(std::move(cells), classes, scores);
  return scores;
}

ModelEvaluation evaluation_of(const ClassificationScores& scores) {
  ModelEvaluation evaluation{{.rows = 3, .cost = 0.1, .of_task = scores}, {}, "test", {}};
  for (std::size_t i = 0; i < scores.classes.size(); ++i)
    evaluation.outputs.push_back("class " + std::to_string(i));
  return evaluation;
}

TEST(Evaluation, ConfusionIsShownAsAMatrixOrAsPairs) {
  const std::vector<ConfusionCell> cells = {{0, 0, 5}, {0, 1, 1}, {1, 0, 2}};
  const ClassificationScores few = scores_of_cells(2, cells);
  const Matrix<std::uint32_t> matrix = confusion_matrix(few);
  EXPECT_TRUE(std::ranges::equal(matrix.elements(), std::vector<std::uint32_t>{5, 1, 2, 0}));
  EXPECT_EQ(most_confused(few), (std::vector<ConfusionCell>{{1, 0, 2}, {0, 1, 1}}));
  const auto confusion = [](const ClassificationScores& scores) {
    return nlohmann::json::parse(evaluation_json(evaluation_of(scores)).dump())["confusion"];
  };
  EXPECT_EQ(confusion(few), nlohmann::json::parse("[[5, 1], [2, 0]]"));
  EXPECT_EQ(confusion(scores_of_cells(kMatrixClasses + 1, cells)),
            nlohmann::json::parse(
                R"([{"true": "class 1", "predicted": "class 0", "rows": 2},
                    {"true": "class 0", "predicted": "class 1", "rows": 1}])"));
}

TEST(Evaluation, UndefinedScoresAreNullInJson) {
  ClassificationScores scores = scores_of_cells(2, {{0, 0, 3}});
  scores.roc_auc = scores.top5 = std::nan("");
  const auto json = nlohmann::json::parse(evaluation_json(evaluation_of(scores)).dump());
  EXPECT_TRUE(json["roc_auc"].is_null() && json["top5"].is_null());
  EXPECT_TRUE(json["classes"][1]["recall"].is_null());
  EXPECT_EQ(json["classes"][0]["recall"], 1);
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
