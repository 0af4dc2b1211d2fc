// SPDX-License-Identifier: MIT
// Costs, label smoothing and weights of rows in whole trainings, against the naive twin.
#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/models.h"
#include "support/naive_network.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr std::size_t kObjectiveBatch = 8;

/// Two epochs in the order of the rows, with the last mini-batch ragged; each step, from where the
/// last one led, is compared with that of the twin. `smooth` changes a target.
template <class Smooth>
void expect_objective_of_twin(const Model<double>& model, const Dataset& data, TrainOptions options,
                              const std::vector<double>& weights, Smooth smooth) {
  for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled}) {
    NaiveNetwork twin(model);
    Model<double> trained = model;
    options.epochs = 2;
    options.batch_size = kObjectiveBatch;
    options.learning_rate = 0.3;
    options.shuffle = false;
    Scalar cost;
    std::size_t first = 0;
    double worst = 0;
    TrainCallbacks callbacks;
    callbacks.on_batch = [&](const BatchReport& report) {
      if (first >= report.row) first = 0, cost = {};
      std::vector<Vector> x, y;
      Vector w;
      for (; first < report.row; ++first) {
        x.push_back(features_of(data, first));
        y.push_back(targets_of(data, first));
        for (Scalar& target : y.back()) target = smooth(target);
        w.push_back(weights.empty() ? 1 : weights[first]);
      }
      cost += twin.step(x, y, *options.learning_rate, options.l2, w);
      worst = std::max(worst, twin.rounding_share(trained.network));
      twin = NaiveNetwork(trained);
      return Flow::kContinue;
    };
    const TrainSummary summary =
        train(trained, only_train(data), options, {0, 3, reduction}, *make_executor(2), callbacks);
    EXPECT_EQ(first, data.rows());
    EXPECT_LE(worst, 1) << name_of(reduction);
    EXPECT_ROUNDED(summary.last.train.cost, cost / static_cast<double>(data.rows()));
  }
}

constexpr auto kUnchanged = [](const Scalar& y) { return y; };

std::vector<double> some_weights(std::size_t rows) {
  std::vector<double> weights(rows);
  for (std::size_t i = 0; i < rows; ++i) weights[i] = static_cast<double>(i % 4) * 0.75;
  return weights;
}

TEST(StepObjective, HuberEqualsTheNaiveTwin) {
  for (const Activation output : {kSigmoid, kTanh, kIdentity})
    for (const double delta : {0.05, 1.0})
      expect_objective_of_twin(
          make_model<double>({6, 8, 3}, {kGelu, output}, {Cost::kHuber, delta}, Task::kRegression),
          random_targets(20, 6, 3), {}, {}, kUnchanged);
}

TEST(StepObjective, SmoothedLabelsEqualTheNaiveTwin) {
  constexpr double s = 0.2;
  const Dataset data = random_classes(20, 6, 3);
  for (const Cost cost : {Cost::kCrossEntropy, Cost::kQuadratic, Cost::kMse, Cost::kHuber}) {
    expect_objective_of_twin(
        make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, cost, Task::kClassification), data,
        {.label_smoothing = s}, {}, [](const Scalar& y) { return (1 - s) * y + s / 3; });
    expect_objective_of_twin(
        make_model<double>({6, 8, 3}, {kTanh, kSigmoid}, cost, Task::kClassification), data,
        {.label_smoothing = s}, {}, [](const Scalar& y) { return (1 - s) * y + s / 2; });
  }
}

TEST(StepObjective, WeightedRowsEqualTheNaiveTwin) {
  Dataset data = random_classes(20, 6, 3);
  data.weights = some_weights(20);
  const auto model =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  expect_objective_of_twin(model, data, {.l2 = 0.1}, data.weights, kUnchanged);
  const double of_class[] = {2, 0, 0.5};
  std::vector<double> products = data.weights;
  for (std::size_t i = 0; i < 20; ++i) products[i] *= of_class[data.labels[i]];
  const ClassWeights list{ClassWeights::Kind::kList, {2, 0, 0.5}};
  expect_objective_of_twin(model, data, {.l2 = 0.1, .class_weights = list}, products, kUnchanged);

  Dataset values = random_targets(20, 6, 3);
  values.weights = data.weights;
  expect_objective_of_twin(
      make_model<double>({6, 8, 3}, {kTanh, kIdentity}, Cost::kMse, Task::kRegression), values, {},
      values.weights, kUnchanged);
}

TEST(StepObjective, EvaluationIsUnweightedAndUnsmoothed) {
  Dataset data = random_classes(20, 6, 3);
  auto model =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const auto executor = make_serial_executor();
  const double plain = evaluate(model, data, *executor).score.cost;
  data.weights = some_weights(20);
  EXPECT_EQ(evaluate(model, data, *executor).score.cost, plain);

  DataSplit split{data, {}, data};
  const TrainSummary summary =
      train(model, split, {.epochs = 1, .label_smoothing = 0.5}, {}, *executor);
  EXPECT_EQ(summary.last.test->cost, evaluate(model, data, *executor).score.cost);
}

TEST(StepObjective, TrainRefusesWhatDoesNotFit) {
  const auto error = [](Activation output, Dataset data, const TrainOptions& options) {
    auto model = make_model<float>({6, 3}, {output}, Cost::kQuadratic, data.task);
    return error_of<ConfigError>(
        [&] { train(model, only_train(data), options, {}, *make_serial_executor()); });
  };
  const Dataset classes = random_classes(20, 6, 3);
  const Dataset values = random_targets(20, 6, 3);
  expect_in("contradicts network.output = tanh", error(kTanh, classes, {.label_smoothing = 0.1}));
  expect_in("train.label-smoothing", error(kSigmoid, values, {.label_smoothing = 0.1}));
  expect_in("train.label-smoothing", error(kSigmoid, classes, {.label_smoothing = 1}));
  const ClassWeights list{ClassWeights::Kind::kList, {1, 2}};
  expect_in("2 weights, expected one for each of the 3 classes",
            error(kSigmoid, classes, {.class_weights = list}));

  Dataset short_of_weights = classes;
  short_of_weights.weights = {1, 2};
  auto model = make_model<float>({6, 3}, {kSoftmax}, Cost::kQuadratic, Task::kClassification);
  expect_in("has weights for 2 of its 20 rows", error_of<DataError>([&] {
              train(model, only_train(short_of_weights), {}, {}, *make_serial_executor());
            }));
}

}  // namespace
}  // namespace nabla
