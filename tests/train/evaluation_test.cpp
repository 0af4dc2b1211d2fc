// SPDX-License-Identifier: MIT
#include "nabla/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/naive_evaluation.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

// Some rows fewer and more than one task and one wave of tasks hold.
constexpr std::size_t kRowCounts[] = {1, 63, 64, 65, 1024, 1100, 2500};

class EvaluationOf : public testing::TestWithParam<std::size_t> {
 protected:
  std::unique_ptr<Executor> executor_ = make_executor(3);
};

TEST_P(EvaluationOf, ClassificationEqualsTheNaiveTwin) {
  const Dataset data = random_classes(GetParam(), 5, 3);
  for (const auto& [output, cost] : {std::pair{kSoftmax, Cost::kCrossEntropy},
                                     {kSigmoid, Cost::kCrossEntropy},
                                     {kTanh, Cost::kQuadratic}}) {
    const auto model =
        make_model<double>({5, 7, 3}, {kSigmoid, output}, cost, Task::kClassification);
    const NaiveEvaluation twin = naive_evaluation(model, data);
    const Evaluation evaluation = evaluate(model, data, *executor_);
    EXPECT_EQ(evaluation.rows, data.rows());
    EXPECT_ROUNDED(evaluation.score.cost, twin.cost);
    EXPECT_ROUNDED(evaluation.score.goodness, twin.goodness);
    EXPECT_EQ(evaluation.rmse, 0);
    EXPECT_EQ(evaluation.mae, 0);
  }
}

TEST_P(EvaluationOf, RegressionEqualsTheNaiveTwin) {
  const Dataset data = random_targets(GetParam(), 5, 3);
  const auto model =
      make_model<double>({5, 7, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
  const NaiveEvaluation twin = naive_evaluation(model, data);
  const Evaluation evaluation = evaluate(model, data, *executor_);
  EXPECT_ROUNDED(evaluation.score.cost, twin.cost);
  EXPECT_ROUNDED(evaluation.rmse, twin.rmse);
  EXPECT_ROUNDED(evaluation.mae, twin.mae);
  if (data.rows() > 1) {
    EXPECT_ROUNDED(evaluation.score.goodness, twin.goodness);
  }
}

TEST_P(EvaluationOf, PredictIsForwardAndAgreesWithEvaluate) {
  const Dataset data = random_classes(GetParam(), 5, 3);
  const auto model =
      make_model<double>({5, 7, 3}, {kRelu, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const NaiveNetwork twin(model);
  const auto [outputs, classes] = predict(model, data, *executor_);
  ASSERT_EQ(outputs.rows(), data.rows());
  ASSERT_EQ(outputs.cols(), 3U);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Vector a = twin.forward(features_of(data, i)).back();
    for (std::size_t j = 0; j < 3; ++j) ASSERT_ROUNDED(outputs(i, j), a[j]);
  }
  std::size_t hits = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) hits += classes[i] == data.labels[i] ? 1 : 0;
  EXPECT_ROUNDED(evaluate(model, data, *executor_).score.goodness,
                 Scalar(static_cast<double>(hits)) / static_cast<double>(data.rows()));
}

TEST_P(EvaluationOf, SameBytesForAnyExecutor) {
  const Dataset data = random_targets(GetParam(), 5, 3);
  const auto model =
      make_model<float>({5, 7, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
  const auto serial = make_serial_executor();
  const Evaluation expected = evaluate(model, data, *serial);
  const Evaluation actual = evaluate(model, data, *executor_);
  EXPECT_EQ(actual.score.cost, expected.score.cost);
  EXPECT_EQ(actual.rmse, expected.rmse);
  EXPECT_EQ(actual.mae, expected.mae);
  const auto a = predict(model, data, *serial), b = predict(model, data, *executor_);
  EXPECT_TRUE(std::ranges::equal(a.outputs.elements(), b.outputs.elements()));
}

INSTANTIATE_TEST_SUITE_P(Rows, EvaluationOf, testing::ValuesIn(kRowCounts),
                         [](const auto& instance) { return std::to_string(instance.param); });

TEST(Evaluation, TheFirstOfEqualOutputsIsTheClass) {
  auto model = make_model<float>({3, 3}, {kIdentity}, Cost::kQuadratic, Task::kClassification);
  std::ranges::fill(model.network.parameters(), 0.0F);
  for (std::size_t i = 0; i < 3; ++i) model.network.weight(0)(i, i) = 1;
  Matrix<float> outputs(3, 3);
  outputs(1, 1) = outputs(1, 2) = 0.5F;
  outputs(2, 2) = 1;
  Dataset rows;
  rows.features = outputs;
  const Prediction prediction = predict(model, rows, *make_serial_executor());
  EXPECT_TRUE(std::ranges::equal(prediction.outputs.elements(), outputs.elements()));
  EXPECT_EQ(prediction.classes, (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(Evaluation, PredictsNothingFromNoRows) {
  const auto model =
      make_model<float>({5, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Matrix<double> outputs =
      predict(model, random_classes(0, 5, 3), *make_serial_executor()).outputs;
  EXPECT_EQ(outputs.rows(), 0U);
}

TEST(Evaluation, RequiresMatchingData) {
  const auto model =
      make_model<float>({5, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const auto error = [&](const Dataset& data) {
    return error_of<DataError>([&] { require_matching(model, data, "rows.csv"); });
  };
  require_matching(model, random_classes(4, 5, 3), "rows.csv");
  std::string message = error(random_classes(4, 6, 3));
  expect_in("rows.csv", message);
  expect_in("6 features", message);
  expect_in("expects 5", message);
  message = error(random_classes(4, 5, 2));
  expect_in("2 classes", message);
  expect_in("3 outputs", message);
  expect_in("values, but the model is a classification", error(random_targets(4, 5, 3)));
}

TEST(Evaluation, RSquaredOfTargetsThatDoNotVary) {
  const auto executor = make_serial_executor();
  auto model = make_model<double>({2, 1}, {kIdentity}, Cost::kMse, Task::kRegression);
  initialize(model.network, Initializer::kZero, {}, 1);
  // 0.1 is not a binary fraction: its mean over some rows is not 0.1.
  for (const std::size_t rows : {1UL, 3UL, 10UL}) {
    Dataset data = random_targets(rows, 2, 1);
    std::ranges::fill(data.targets.elements(), 0.1);
    EXPECT_EQ(evaluate(model, data, *executor).score.goodness, 0) << rows;
    model.network.bias(0)[0] = 0.1;
    EXPECT_EQ(evaluate(model, data, *executor).score.goodness, 1) << rows;
    model.network.bias(0)[0] = 0;
  }
}

// Targets of very different units: errors are in those units, the cost is what was trained.
TEST(Evaluation, StandardisedTargetsAreMappedBack) {
  Dataset data = random_targets(100, 5, 3);
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.targets(i, 1) = 1000 * data.targets(i, 1) - 300;
    data.targets(i, 2) = 0.01 * data.targets(i, 2) + 7;
  }
  auto model = make_model<double>({3, 4, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression);
  model.preprocess = fit_preprocess(Normalization::kPca, data, 3);
  model.preprocess.targets = fit_targets(data);
  const NaiveNetwork twin(model);
  const Matrix<double> outputs = predict(model, data, *make_serial_executor()).outputs;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Vector a = naive_forward(twin, model, data, i).back();
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_ROUNDED(outputs(i, j), a[j] * model.preprocess.targets.divisor[j] +
                                        model.preprocess.targets.shift[j]);
  }
  const NaiveEvaluation expected = naive_evaluation(model, data);
  const Evaluation evaluation = evaluate(model, data, *make_serial_executor());
  EXPECT_ROUNDED(evaluation.score.cost, expected.cost);
  EXPECT_ROUNDED(evaluation.rmse, expected.rmse);
  EXPECT_ROUNDED(evaluation.mae, expected.mae);
  EXPECT_ROUNDED(evaluation.score.goodness, expected.goodness);
}

// A float holds 1.7e9 to 128 only.
TEST(Evaluation, PredictionsAreMappedBackInDouble) {
  auto model = make_model<float>({1, 1}, {kIdentity}, Cost::kMse, Task::kRegression);
  model.network.weight(0)(0, 0) = 0;
  model.network.bias(0)[0] = 0.25F;
  model.preprocess.targets = {.shift = {1.7e9}, .divisor = {2.5}};
  Dataset rows;
  rows.features = Matrix<double>(1, 1);
  EXPECT_EQ(predict(model, rows, *make_serial_executor()).outputs(0, 0), 1.7e9 + 0.25 * 2.5);
}

TEST(Evaluation, StandardisedTargetsAndCrossEntropyContradictEachOther) {
  auto model = make_model<float>({2, 1}, {kSigmoid}, Cost::kCrossEntropy, Task::kRegression);
  const Dataset data = random_targets(3, 2, 1);
  model.preprocess.targets = fit_targets(data);
  expect_in("data.standardize-targets: contradicts train.cost = cross-entropy",
            error_of<ConfigError>([&] { require_matching(model, data, "rows"); }));
}

TEST(Evaluation, ModelsWithComponentsTakeTheFeaturesOfTheData) {
  auto model = make_model<float>({2, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Dataset data = random_classes(9, 5, 3);
  model.preprocess = fit_preprocess(Normalization::kPca, data, 2);
  EXPECT_NO_THROW(require_matching(model, data, "rows"));
  const std::string message =
      error_of<DataError>([&] { require_matching(model, random_classes(9, 2, 3), "rows"); });
  expect_in("2 features per row, but the model expects 5", message);
}

// NaN is largest nowhere, so that argmax would call it class 0.
TEST(Evaluation, NamesTheFirstRowWhoseOutputsAreNotFinite) {
  const auto executor = make_executor(2);
  const auto model =
      make_model<float>({2, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  Dataset data = random_classes(1500, 2, 3);
  Matrix<float> features(1500, 2);
  features(1100, 1) = features(1400, 0) = HUGE_VALF;
  data.features = std::move(features);
  expect_in("the rows to evaluate: row 1101: its prediction is NaN or infinite",
            error_of<DataError>([&] { evaluate(model, data, *executor); }));
  expect_in("the rows to predict: row 1101: its prediction is NaN or infinite",
            error_of<DataError>([&] { predict(model, data, *executor); }));
  data.origin = RowOrigin({{.name = "a.csv", .runs = {{0, 2}}}});
  expect_in("a.csv:1102: its prediction is NaN or infinite",
            error_of<DataError>([&] { predict(model, data, *executor); }));
}

// NaN is a missing value wherever it comes from.
TEST(Evaluation, RefusesMissingFeaturesThatTheModelDoesNotFillIn) {
  const auto executor = make_serial_executor();
  auto model = make_model<float>({2, 3}, {kSigmoid}, Cost::kCrossEntropy, Task::kClassification);
  Dataset data = random_classes(3, 2, 3);
  Matrix<float> features(3, 2);
  features(1, 0) = std::nanf("");
  data.features = std::move(features);
  const std::string missing =
      "row 2: feature 0: the value is missing (NaN); expected a number, or a model trained with "
      "data.missing";
  EXPECT_EQ(error_of<DataError>([&] { evaluate(model, data, *executor); }),
            "the rows to evaluate: " + missing);
  EXPECT_EQ(error_of<DataError>([&] { predict(model, data, *executor); }),
            "the rows to predict: " + missing);
  model.preprocess.missing = {.kind = Missing::kMean, .values = {0.5, 0.5}};
  EXPECT_EQ(evaluate(model, data, *executor).rows, 3U);
  EXPECT_EQ(predict(model, data, *executor).classes.size(), 3U);
}

// The outputs are numbers, the squares of their errors are not.
TEST(Evaluation, NamesTheFirstRowWhoseCostIsNotFinite) {
  const auto model = make_model<double>({2, 1}, {kIdentity}, Cost::kMse, Task::kRegression);
  Dataset data = random_targets(5, 2, 1);
  data.targets(3, 0) = 1e200;
  const auto executor = make_serial_executor();
  expect_in("row 4", error_of<DataError>([&] { evaluate(model, data, *executor); }));
  EXPECT_EQ(predict(model, data, *executor).outputs.rows(), 5U);
}

TEST(Evaluation, RefusesNoRows) {
  const auto executor = make_serial_executor();
  const auto model = make_model<float>({2, 1}, {kIdentity}, Cost::kMse, Task::kRegression);
  expect_in("no rows", error_of<DataError>([&] {
              evaluate(model, slice(random_targets(1, 2, 1), 0, 0), *executor);
            }));
}

TEST(Evaluation, CrossEntropyOfARegressionNeedsTargetsFromZeroToOne) {
  const auto model = make_model<float>({2, 1}, {kSigmoid}, Cost::kCrossEntropy, Task::kRegression);
  Dataset data = random_targets(3, 2, 1);
  EXPECT_NO_THROW(require_matching(model, data, "rows"));
  for (const double wrong : {-0.001, 1.001, std::nan("")}) {
    data.targets(1, 0) = wrong;
    expect_in("train.cost: cross-entropy",
              error_of<ConfigError>([&] { require_matching(model, data, "rows"); }));
  }
}

}  // namespace
}  // namespace nabla
