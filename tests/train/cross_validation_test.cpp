// SPDX-License-Identifier: MIT
#include "nabla/train/cross_validation.h"

#include <atomic>
#include <cmath>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/preprocess.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

using Maker = ModelMaker<double>;

/// A network for the data, its features and targets standardised.
Model<double> standardized(const Dataset& train, std::uint64_t seed, std::size_t hidden = 4) {
  const bool is_regression = train.task == Task::kRegression;
  Model<double> model = make_model<double>(
      {train.inputs(), hidden, train.outputs()}, {kTanh, is_regression ? kIdentity : kSoftmax},
      is_regression ? Cost::kMse : Cost::kCrossEntropy, train.task, seed);
  model.preprocess = fit_preprocess(Normalization::kStandardize, train, 0);
  if (is_regression) model.preprocess.targets = fit_targets(train);
  return model;
}

const Maker kStandardized = [](const Dataset& train, std::uint64_t seed) {
  return standardized(train, seed);
};

TrainOptions short_training() {
  TrainOptions options;
  options.epochs = 3;
  options.learning_rate = 0.1;
  return options;
}

CrossValidation validate(const DataSplit& data, const FoldOptions& folds, std::size_t threads,
                         const Maker& make = kStandardized,
                         const TrainOptions& options = short_training(),
                         const CrossValidationCallbacks& callbacks = {}) {
  const auto executor = make_executor(threads);
  return cross_validate<double>(data, folds, make, options, {}, *executor, callbacks);
}

void expect_same(const CrossValidation& a, const CrossValidation& b) {
  ASSERT_EQ(a.folds.size(), b.folds.size());
  for (std::size_t i = 0; i < a.folds.size(); ++i) {
    const FoldResult& x = a.folds[i];
    const FoldResult& y = b.folds[i];
    EXPECT_EQ(x.repeat, y.repeat);
    EXPECT_EQ(x.fold, y.fold);
    EXPECT_EQ(x.test_rows, y.test_rows);
    EXPECT_EQ(x.evaluation.score.cost, y.evaluation.score.cost);
    EXPECT_EQ(x.evaluation.score.goodness, y.evaluation.score.goodness);
    EXPECT_EQ(x.evaluation.rmse, y.evaluation.rmse);
    EXPECT_EQ(x.zero_rule.goodness, y.zero_rule.goodness);
    EXPECT_EQ(x.zero_rule.rmse, y.zero_rule.rmse);
  }
}

TEST(TrainerCrossValidation, FiguresAreTheSameForEveryThreadCount) {
  const FoldOptions folds{.folds = 4, .repeats = 2};
  for (const Dataset& rows : {random_classes(61, 3, 3), random_targets(61, 3, 2)}) {
    const DataSplit data = only_train(rows);
    const CrossValidation one = validate(data, folds, 1);
    ASSERT_EQ(one.folds.size(), 8U);
    EXPECT_FALSE(one.interrupted);
    for (const std::size_t threads : {2, 3}) expect_same(one, validate(data, folds, threads));
  }
}

TEST(TrainerCrossValidation, LargeMiniBatchesTakeTheThreadsInTurn) {
  const Maker wide = [](const Dataset& train, std::uint64_t seed) {
    return standardized(train, seed, 600);
  };
  TrainOptions options = short_training();
  options.epochs = 1;
  options.batch_size = 0;
  const DataSplit data = only_train(random_classes(900, 20, 2));
  std::size_t at_once = 0;
  CrossValidationCallbacks callbacks;
  callbacks.on_start = [&](const CrossValidationStart& start) { at_once = start.at_once; };
  const CrossValidation two = validate(data, {.folds = 2}, 2, wide, options, callbacks);
  EXPECT_EQ(at_once, 1U);
  EXPECT_EQ(two.folds[0].summary.threads, 2U);
  expect_same(two, validate(data, {.folds = 2}, 1, wide, options));
}

TEST(TrainerCrossValidation, AFoldIsATrainingOnTheOtherRows) {
  const DataSplit data = only_train(random_targets(30, 3, 1));
  const FoldOptions folds{.folds = 3, .seed = 5};
  const TrainOptions options = short_training();
  const CrossValidation result = validate(data, folds, 2);
  const auto executor = make_serial_executor();
  const auto assignment = assign_folds(data.train, folds, 0);
  for (std::size_t i = 0; i < 3; ++i) {
    const FoldRows rows = rows_of_fold(assignment, i);
    const Dataset train_rows = select(data.train, rows.train);
    const Dataset test_rows = select(data.train, rows.test);
    TrainOptions own = options;
    own.seed = options.seed + i;
    Model<double> model = standardized(train_rows, own.seed);
    train(model, only_train(train_rows), own, {}, *executor);
    const Evaluation expected = evaluate(model, test_rows, *executor);
    EXPECT_EQ(result.folds[i].evaluation.rmse, expected.rmse);
    EXPECT_EQ(result.folds[i].evaluation.score.cost, expected.score.cost);
    EXPECT_EQ(result.folds[i].train_rows, 20U);
    EXPECT_EQ(result.folds[i].test_rows, 10U);
  }
}

/// The test rows of a fold must not influence how its model is made and trained.
TEST(TrainerCrossValidation, TestRowsDoNotReachTheFit) {
  Dataset rows = random_targets(40, 3, 1);
  const FoldOptions folds{.folds = 4};
  const auto assignment = assign_folds(rows, folds, 0);
  const auto fitted = [&](const Dataset& data) {
    std::mutex mutex;
    std::vector<Preprocess> by_seed(4);
    const Maker make = [&](const Dataset& train, std::uint64_t seed) {
      Model<double> model = standardized(train, seed);
      const std::lock_guard lock(mutex);
      by_seed[seed - 1] = model.preprocess;
      return model;
    };
    validate(only_train(data), folds, 2, make);
    return by_seed;
  };
  const std::vector<Preprocess> before = fitted(rows);

  const std::uint32_t outlier = rows_of_fold(assignment, 2).test[0];
  Matrix<double> features = copy_of_features(rows);
  features(outlier, 1) = 1e6;
  rows.features = std::move(features);
  rows.targets(outlier, 0) = -1e6;
  const std::vector<Preprocess> after = fitted(rows);
  for (std::size_t fold = 0; fold < 4; ++fold) {
    const bool is_test = fold == 2;
    EXPECT_EQ(before[fold].shift == after[fold].shift, is_test) << fold;
    EXPECT_EQ(before[fold].divisor == after[fold].divisor, is_test) << fold;
    EXPECT_EQ(before[fold].targets.shift == after[fold].targets.shift, is_test) << fold;
    EXPECT_EQ(before[fold].targets.divisor == after[fold].targets.divisor, is_test) << fold;
  }
}

TEST(TrainerCrossValidation, ValidationRowsWatchEachTrainingAndTestRowsDoNot) {
  DataSplit data{random_classes(40, 3, 2), random_classes(10, 3, 2, 2),
                 random_classes(10, 3, 2, 3)};
  const CrossValidation result = validate(data, {.folds = 2}, 1);
  for (const FoldResult& fold : result.folds) {
    EXPECT_EQ(fold.train_rows + fold.test_rows, 40U);
    EXPECT_TRUE(fold.summary.last.validation.has_value());
    EXPECT_FALSE(fold.summary.last.test.has_value());
  }
}

TEST(TrainerCrossValidation, StopsWhenAsked) {
  std::atomic<int> asked = 0;
  std::atomic<int> ended = 0;
  CrossValidationCallbacks callbacks;
  callbacks.on_fold = [&](const FoldResult&) { ++ended; };
  callbacks.stop = [&] { return ended > 0 && ++asked > 1; };
  const CrossValidation result = validate(only_train(random_classes(60, 3, 2)), {.folds = 6}, 1,
                                          kStandardized, short_training(), callbacks);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.folds.size(), 1U);
}

TEST(TrainerCrossValidation, WhatDivergesSaysSo) {
  TrainOptions options = short_training();
  options.learning_rate = 1e200;
  const CrossValidation result =
      validate(only_train(random_targets(20, 3, 1)), {.folds = 2}, 2, kStandardized, options);
  ASSERT_EQ(result.folds.size(), 2U);
  for (const FoldResult& fold : result.folds)
    EXPECT_EQ(fold.summary.status, TrainStatus::kDiverged);
}

TEST(TrainerCrossValidation, AFoldWhoseTestRowsHaveNoFinitePredictionDiverged) {
  const FoldOptions folds{.folds = 4};
  Dataset rows = random_classes(40, 3, 2);
  // In the other folds it is a training row, and the training itself diverges.
  const std::uint32_t bad = rows_of_fold(assign_folds(rows, folds, 0), 2).test[3];
  Matrix<double> features = copy_of_features(rows);
  features(bad, 1) = HUGE_VAL;
  rows.features = std::move(features);
  const Maker make = [](const Dataset& train, std::uint64_t seed) {
    return make_model<double>({train.inputs(), 2}, {kSoftmax}, Cost::kCrossEntropy, train.task,
                              seed);
  };
  const CrossValidation result = validate(only_train(rows), folds, 2, make);
  ASSERT_EQ(result.folds.size(), 4U);
  for (const FoldResult& fold : result.folds) {
    EXPECT_EQ(fold.summary.status, TrainStatus::kDiverged);
    EXPECT_EQ(fold.summary.divergence.rows, fold.fold == 3 ? "test" : "");
    EXPECT_EQ(fold.summary.divergence.row, fold.fold == 3 ? 4U : 0U);
  }
}

TEST(TrainerCrossValidation, BadOptionsEndBeforeTheFirstFold) {
  bool started = false;
  CrossValidationCallbacks callbacks;
  callbacks.on_start = [&](const CrossValidationStart&) { started = true; };
  TrainOptions options = short_training();
  options.learning_rate = -1;
  const DataSplit data = only_train(random_classes(20, 3, 2));
  expect_in("train.learning-rate", error_of<ConfigError>([&] {
              validate(data, {.folds = 2}, 2, kStandardized, options, callbacks);
            }));
  expect_in("crossval.folds", error_of<ConfigError>([&] {
              validate(data, {.folds = 21}, 2, kStandardized, short_training(), callbacks);
            }));
  EXPECT_FALSE(started);
}

TEST(ZeroRule, IsTheMostFrequentClassOfTheTrainingRows) {
  Dataset train = random_classes(5, 1, 3);
  train.labels = {2, 1, 1, 2, 0};
  Dataset test = random_classes(4, 1, 3);
  test.labels = {1, 2, 2, 1};
  EXPECT_EQ(zero_rule(train, test).goodness, 0.5);  // class 1, the first of equals
  test.labels = {2, 2, 2, 0};
  EXPECT_EQ(zero_rule(train, test).goodness, 0.0);
}

TEST(ZeroRule, IsTheMeanOfTheTrainingRows) {
  Dataset train = random_targets(2, 1, 1);
  train.targets(0, 0) = 1;
  train.targets(1, 0) = 3;
  Dataset test = random_targets(2, 1, 1);
  test.targets(0, 0) = 4;
  test.targets(1, 0) = 6;
  const ZeroRule rule = zero_rule(train, test);
  EXPECT_DOUBLE_EQ(rule.rmse, std::sqrt((4.0 + 16.0) / 2));
  EXPECT_DOUBLE_EQ(rule.goodness, 1 - 20.0 / 2);
}

TEST(MeanAndDeviation, AreThoseOfASample) {
  const MeanDeviation figure = mean_and_deviation({2, 4, 4, 6});
  EXPECT_DOUBLE_EQ(figure.mean, 4);
  EXPECT_DOUBLE_EQ(figure.deviation, std::sqrt(8.0 / 3));
  EXPECT_TRUE(std::isnan(mean_and_deviation({1}).deviation));
}

}  // namespace
}  // namespace nabla
