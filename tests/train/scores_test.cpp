// SPDX-License-Identifier: MIT
#include "nabla/train/scores.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <gtest/gtest.h>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/golden.h"
#include "support/models.h"
#include "support/places.h"
#include "train/confusion.h"

namespace nabla {
namespace {

using namespace testing_support;

Json golden_scores() {
  std::ifstream file(source_folder() / "tests/golden/scores.json");
  return Json::parse(file);
}

/// A network whose weighted inputs are its features.
Model<double> pass_through(std::size_t outputs, Activation output, Cost cost, Task task) {
  Model<double> model = make_model<double>({outputs, outputs}, {output}, cost, task);
  std::ranges::fill(model.network.parameters(), 0.0);
  for (std::size_t i = 0; i < outputs; ++i) model.network.weight(0)(i, i) = 1;
  return model;
}

/// Both come from exponentials in double and sums of fewer than 1,000 terms.
void expect_score(double actual, const Json& expected, const std::string& name) {
  SCOPED_TRACE(name);
  if (expected.is_null())
    EXPECT_TRUE(std::isnan(actual)) << actual;
  else
    EXPECT_NEAR(actual, expected.get<double>(), 1e-12 * (1 + std::abs(expected.get<double>())));
}

void expect_classes(const ClassificationScores& scores, const Json& golden) {
  const auto expect_mean = [](const ClassScores& mean, const Json& expected) {
    expect_score(mean.precision, expected[0], "mean precision");
    expect_score(mean.recall, expected[1], "mean recall");
    expect_score(mean.f1, expected[2], "mean F1");
  };
  expect_mean(scores.macro, golden["macro"]);
  expect_mean(scores.weighted, golden["weighted"]);
  EXPECT_EQ(scores.macro.rows, golden["labels"].size());
  ASSERT_EQ(scores.classes.size(), golden["classes"].size());
  for (std::size_t i = 0; i < scores.classes.size(); ++i) {
    const Json& expected = golden["classes"][i];
    expect_score(scores.classes[i].precision, expected[0], "precision of " + std::to_string(i));
    expect_score(scores.classes[i].recall, expected[1], "recall of " + std::to_string(i));
    expect_score(scores.classes[i].f1, expected[2], "F1 of " + std::to_string(i));
    EXPECT_EQ(scores.classes[i].rows, expected[3].get<std::size_t>());
  }
}

std::vector<ConfusionCell> cells_of(const Json& matrix) {
  std::vector<ConfusionCell> cells;
  for (std::uint32_t i = 0; i < matrix.size(); ++i)
    for (std::uint32_t j = 0; j < matrix.size(); ++j)
      if (matrix[i][j] != 0) cells.push_back({i, j, matrix[i][j].get<std::size_t>()});
  return cells;
}

/// Whether the point of these rates lies on a line between neighbouring points of the curve.
bool is_on_line(const ThresholdCurve& curve, double false_rate, double true_rate) {
  const auto is_between = [](double a, double x, double b) {
    return a - 1e-12 <= x && x <= b + 1e-12;
  };
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const double ax = curve.false_positive_rate(curve.points[i - 1]);
    const double ay = curve.true_positive_rate(curve.points[i - 1]);
    const double bx = curve.false_positive_rate(curve.points[i]);
    const double by = curve.true_positive_rate(curve.points[i]);
    if (is_between(ax, false_rate, bx) && is_between(ay, true_rate, by) &&
        std::abs((bx - ax) * (true_rate - ay) - (false_rate - ax) * (by - ay)) < 1e-12)
      return true;
  }
  return false;
}

void expect_curves(const std::vector<ThresholdCurve>& curves, const Json& golden) {
  ASSERT_EQ(curves.size(), golden.size());
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const ThresholdCurve& curve = curves[i];
    if (golden[i].is_null()) {
      EXPECT_TRUE(std::isnan(curve.roc_auc));
      continue;
    }
    expect_score(curve.average_precision, golden[i]["average_precision"], "average precision");
    const Json& x = golden[i]["false_positive_rate"];
    const Json& y = golden[i]["true_positive_rate"];
    for (std::size_t p = 0; p < x.size(); ++p)
      EXPECT_TRUE(is_on_line(curve, x[p], y[p])) << "curve " << i << ", point " << p;
  }
}

void expect_calibration(const std::vector<CalibrationBin>& bins, const Json& golden) {
  ASSERT_EQ(bins.size(), golden.size());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    expect_score(bins[i].mean_probability, golden[i][0], "mean probability");
    expect_score(bins[i].frequency, golden[i][1], "frequency");
  }
}

TEST(Scores, OfClassesEqualScikitLearns) {
  const auto executor = make_serial_executor();
  const Json all_golden = golden_scores();
  for (const Json& golden : all_golden["classifications"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const std::size_t classes = golden["classes"].size();
    Dataset data;
    data.features = matrix_of(golden["z"]);
    data.classes = class_names(classes);
    data.labels = golden["labels"].get<std::vector<std::uint32_t>>();
    const auto model = pass_through(classes, *parse_activation(golden["output"].get<std::string>()),
                                    Cost::kCrossEntropy, Task::kClassification);
    const Scores all = score(model, data, *executor);
    const Evaluation evaluation = evaluate(model, data, *executor);
    EXPECT_EQ(all.rows, data.rows());
    EXPECT_EQ(all.cost, evaluation.score.cost);
    const auto& scores = std::get<ClassificationScores>(all.of_task);
    EXPECT_EQ(scores.accuracy, evaluation.score.goodness);
    expect_score(scores.accuracy, golden["accuracy"], "accuracy");
    expect_score(scores.balanced_accuracy, golden["balanced_accuracy"], "balanced accuracy");
    expect_score(scores.log_loss, golden["log_loss"], "log-loss");
    expect_score(scores.roc_auc, golden["roc_auc"], "ROC AUC");
    expect_score(scores.top5, golden["top5"], "top-5");
    expect_score(scores.mcc, golden["mcc"], "Matthews correlation");
    expect_classes(scores, golden);
    EXPECT_EQ(scores.confusion, cells_of(golden["confusion"]));
    expect_curves(scores.curves, golden["curves"]);
    expect_calibration(scores.calibration, golden["calibration"]);
  }
}

TEST(Scores, OfValuesEqualScikitLearns) {
  const Json all_golden = golden_scores();
  for (const Json& golden : all_golden["regressions"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    Dataset data;
    data.task = Task::kRegression;
    data.targets = matrix_of(golden["targets"]);
    data.features = matrix_of(golden["outputs"]);
    const auto model = pass_through(data.outputs(), Activation::kIdentity, Cost::kMse, data.task);
    const Scores all = score(model, data, *make_serial_executor());
    const auto& scores = std::get<RegressionScores>(all.of_task);
    expect_score(scores.rmse, golden["rmse"], "RMSE");
    expect_score(scores.mae, golden["mae"], "MAE");
    expect_score(scores.r2, golden["r2"], "R²");
    expect_score(scores.median_absolute_error, golden["median_absolute_error"], "median");
    for (std::size_t j = 0; j < scores.targets.size() && !golden["r2_of_each"].is_null(); ++j)
      expect_score(scores.targets[j].r2, golden["r2_of_each"][j], "R² of one target");
  }
}

TEST(Scores, OfLabelsEqualScikitLearns) {
  const Json all_golden = golden_scores();
  for (const Json& golden : all_golden["multi_labels"]) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    Dataset data;
    data.task = Task::kMultiLabel;
    data.targets = matrix_of(golden["labels"]);
    data.features = matrix_of(golden["z"]);
    const auto model =
        pass_through(data.outputs(), Activation::kSigmoid, Cost::kCrossEntropy, data.task);
    const auto executor = make_serial_executor();
    const Scores all = score(model, data, *executor);
    const auto& scores = std::get<MultiLabelScores>(all.of_task);
    EXPECT_EQ(scores.subset_accuracy, evaluate(model, data, *executor).score.goodness);
    expect_score(scores.subset_accuracy, golden["subset_accuracy"], "subset accuracy");
    expect_score(scores.hamming_loss, golden["hamming_loss"], "Hamming loss");
    expect_score(scores.f1_micro, golden["f1_micro"], "F1 micro");
    expect_score(scores.macro.f1, golden["f1_macro"], "F1 macro");
    expect_curves(scores.curves, golden["curves"]);
    expect_calibration(scores.calibration, golden["calibration"]);
  }
}

TEST(Scores, ErrorsAreInTheUnitOfTheTargets) {
  Dataset data;
  data.task = Task::kRegression;
  data.targets = Matrix<double>(3, 1);
  Matrix<double> outputs(3, 1);
  const double truths[] = {100, 300, 200}, answers[] = {0, 1, -2};
  for (std::size_t i = 0; i < 3; ++i) {
    data.targets(i, 0) = truths[i];
    outputs(i, 0) = answers[i];
  }
  data.features = std::move(outputs);
  auto model = pass_through(1, Activation::kIdentity, Cost::kMse, data.task);
  model.preprocess.targets = {{200}, {50}};  // 200, 250 and 100 are predicted
  const Scores all = score(model, data, *make_serial_executor());
  EXPECT_EQ(std::get<RegressionScores>(all.of_task).median_absolute_error, 100);
  EXPECT_EQ(std::get<RegressionScores>(all.of_task).mae, 250.0 / 3);
}

TEST(Scores, OutputsThatAreNoProbabilitiesHaveNeitherLogLossNorCurve) {
  const auto model =
      make_model<float>({5, 3}, {Activation::kTanh}, Cost::kQuadratic, Task::kClassification);
  const Scores all = score(model, random_classes(50, 5, 3), *make_serial_executor());
  const auto& scores = std::get<ClassificationScores>(all.of_task);
  EXPECT_TRUE(std::isnan(scores.log_loss) && std::isnan(scores.roc_auc));
  EXPECT_TRUE(scores.curves.empty() && scores.calibration.empty());
  EXPECT_GT(scores.accuracy, 0);
}

TEST(Scores, SigmoidOutputsOfZeroAreTheSameForEachClass) {
  auto model =
      make_model<float>({1, 4}, {Activation::kSigmoid}, Cost::kCrossEntropy, Task::kClassification);
  std::ranges::fill(model.network.parameters(), -200.0F);
  const Scores all = score(model, random_classes(9, 1, 4), *make_serial_executor());
  EXPECT_NEAR(std::get<ClassificationScores>(all.of_task).log_loss, std::log(4.0), 1e-15);
}

// A matrix of these classes would take 400 MB, their outputs for all rows 12 MB.
TEST(Scores, TakeNoMatrixOfTenThousandClasses) {
  constexpr std::size_t kClasses = 10000;
  const auto model = make_model<float>({2, kClasses}, {Activation::kSoftmax}, Cost::kCrossEntropy,
                                       Task::kClassification);
  const Dataset data = random_classes(300, 2, kClasses);
  const Scores all = score(model, data, *make_serial_executor());
  const auto& scores = std::get<ClassificationScores>(all.of_task);
  EXPECT_EQ(scores.classes.size(), kClasses);
  EXPECT_LE(scores.confusion.size(), data.rows());
  EXPECT_TRUE(std::isnan(scores.roc_auc));
  EXPECT_GE(scores.top5, scores.accuracy);
}

TEST(Scores, AreTheSameForAnyExecutor) {
  const Dataset data = random_classes(2500, 5, 3);
  const auto model = make_model<float>({5, 7, 3}, {Activation::kTanh, Activation::kSoftmax},
                                       Cost::kCrossEntropy, Task::kClassification);
  const Scores one = score(model, data, *make_serial_executor());
  const Scores three = score(model, data, *make_executor(3));
  const auto& a = std::get<ClassificationScores>(one.of_task);
  const auto& b = std::get<ClassificationScores>(three.of_task);
  EXPECT_EQ(one.cost, three.cost);
  EXPECT_EQ(a.log_loss, b.log_loss);
  EXPECT_EQ(a.roc_auc, b.roc_auc);
  EXPECT_EQ(a.confusion, b.confusion);
}

TEST(Scores, NameTheFirstRowWhoseOutputsAreNotFinite) {
  const auto model =
      make_model<float>({2, 3}, {Activation::kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  Dataset data = random_classes(1500, 2, 3);
  Matrix<float> features(1500, 2);
  features(1100, 1) = HUGE_VALF;
  data.features = std::move(features);
  expect_in("the rows to evaluate: row 1101: its prediction is NaN or infinite",
            error_of<DataError>([&] { score(model, data, *make_serial_executor()); }));
}

TEST(Scores, OfRowsThatLackAFeatureAreRefused) {
  const auto model =
      make_model<float>({2, 3}, {Activation::kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  Dataset data = random_classes(3, 2, 3);
  Matrix<float> features(3, 2);
  features(2, 1) = std::nanf("");
  data.features = std::move(features);
  expect_in("the rows to evaluate: row 3: feature 1: the value is missing (NaN)",
            error_of<DataError>([&] { score(model, data, *make_serial_executor()); }));
}

TEST(Confusion, ProductsOfManyRowsDoNotOverflow) {
  ClassificationScores scores;
  const std::size_t half = std::size_t{1} << 31U;
  set_confusion({{0, 0, half - 1}, {1, 1, half}}, 2, scores);
  EXPECT_DOUBLE_EQ(scores.mcc, 1);
}

}  // namespace
}  // namespace nabla
