// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/preprocess.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/features.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class TrainerDiverges : public testing::Test {
 protected:
  template <class T>
  TrainSummary run(Model<T>& model, const TrainOptions& options) {
    return train(model, data_, options, {}, *executor_,
                 {.on_batch = {}, .on_epoch = [&](const EpochReport& report) {
                    EXPECT_EQ(report.epoch, good_.size() + 1);
                    const auto parameters = model.network.parameters();
                    good_.emplace_back(parameters.begin(), parameters.end());
                    return Flow::kContinue;
                  }});
  }

  DataSplit data_ = only_train(random_targets(40, 3, 2));
  std::unique_ptr<Executor> executor_ = make_serial_executor();
  std::vector<std::vector<double>> good_;  ///< the parameters after each epoch
};

// Without bounds in the way each step multiplies the error, a little at this rate.
TEST_F(TrainerDiverges, KeepsTheParametersOfTheLastGoodEpoch) {
  auto model = make_model<float>({3, 2}, {kIdentity}, Cost::kQuadratic, Task::kRegression);
  const TrainSummary summary = run(model, {.epochs = 1000, .batch_size = 10, .learning_rate = 20});
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  EXPECT_GT(good_.size(), 1U);
  EXPECT_EQ(summary.epochs, good_.size());
  EXPECT_EQ(summary.last.epoch, good_.size());
  EXPECT_EQ(summary.divergence.epoch, good_.size() + 1);
  EXPECT_GE(summary.divergence.batch, 1U);
  EXPECT_LE(summary.divergence.batch, 4U);
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), good_.back()));
  for (const float p : model.network.parameters()) ASSERT_TRUE(std::isfinite(p));
}

TEST_F(TrainerDiverges, InTheFirstEpochKeepsTheStart) {
  auto model = make_model<float>({3, 4, 2}, {kRelu, kIdentity}, Cost::kMse, Task::kRegression);
  const auto start = model.network;
  const TrainSummary summary = run(model, {.epochs = 3, .batch_size = 10, .learning_rate = 1e30});
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  EXPECT_EQ(summary.epochs, 0U);
  EXPECT_EQ(summary.divergence.epoch, 1U);
  EXPECT_GT(summary.divergence.batch, 1U) << "the first mini-batch costs what it costs";
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), start.parameters()));
}

// One mini-batch an epoch: its own cost is still finite, its step is not.
TEST_F(TrainerDiverges, SeesInfiniteParametersAtTheEndOfAnEpoch) {
  auto model = make_model<float>({3, 2}, {kSigmoid}, Cost::kQuadratic, Task::kRegression);
  const auto start = model.network;
  const TrainSummary summary = run(model, {.epochs = 1, .batch_size = 0, .learning_rate = 1e300});
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  EXPECT_EQ(summary.divergence.epoch, 1U);
  EXPECT_EQ(summary.divergence.batch, 1U);
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), start.parameters()));
}

TEST_F(TrainerDiverges, OnNanInTheTargets) {
  data_.train.targets(25, 1) = kNan;
  for (const Activation hidden : {kSigmoid, kTanh, kRelu, kIdentity}) {
    auto model = make_model<double>({3, 4, 2}, {hidden, kSigmoid}, Cost::kMse, Task::kRegression);
    const TrainSummary summary = run(model, {.epochs = 1, .batch_size = 10, .shuffle = false});
    EXPECT_EQ(summary.status, TrainStatus::kDiverged) << name_of(hidden);
    EXPECT_EQ(summary.divergence.batch, 3U);
  }
}

TEST_F(TrainerDiverges, OnEvaluatedRowsWhosePredictionIsNotFinite) {
  for (const char* name : {"validation", "test"}) {
    const bool is_test = std::string(name) == "test";
    data_ = only_train(random_classes(40, 3, 2));
    Dataset& rows = is_test ? data_.test : data_.validation;
    rows = random_classes(10, 3, 2);
    Matrix<double> features = copy_of_features(rows);
    features(6, 1) = kInfinity;
    rows.features = std::move(features);
    if (is_test) rows.origin = RowOrigin({{.name = "b.npz"}}).slice(100);
    good_.clear();
    auto model = make_model<float>({3, 2}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    const TrainSummary summary =
        run(model, {.epochs = 5, .learning_rate = 0.1, .evaluate_every = 2});
    EXPECT_EQ(summary.status, TrainStatus::kDiverged);
    EXPECT_EQ(summary.divergence.epoch, 2U);
    EXPECT_EQ(summary.divergence.batch, 0U);
    EXPECT_EQ(summary.divergence.rows, name);
    EXPECT_EQ(summary.divergence.row, 7U);
    EXPECT_EQ(summary.divergence.place, is_test ? "b.npz: row 107" : "");
    EXPECT_EQ(summary.divergence.rate, 0.1);
    ASSERT_EQ(good_.size(), 1U) << "an epoch without finite figures is not reported";
    EXPECT_EQ(summary.epochs, 1U);
    EXPECT_FALSE(summary.last.validation);
    EXPECT_TRUE(std::ranges::equal(model.network.parameters(), good_.back()));
  }
}

TEST_F(TrainerDiverges, BeforeAnyStepIfTheInitialModelDoes) {
  auto model = make_model<float>({3, 2}, {kIdentity}, Cost::kMse, Task::kRegression);
  std::ranges::fill(model.network.parameters(), std::numeric_limits<float>::max());
  const TrainSummary summary = run(model, {.epochs = 3, .batch_size = 10, .learning_rate = 0.1});
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  EXPECT_EQ(summary.divergence.batch, 1U);
  EXPECT_TRUE(summary.divergence.is_initial);
  EXPECT_LT(summary.divergence.largest_input, 10);
}

// The weights of an input that is always 0 have a nabla of 0, and so have their moments.
TEST_F(TrainerDiverges, ByAnEpsilonOfZero) {
  data_.train.features = Matrix<double>(data_.train.rows(), 3);
  auto model = make_model<float>({3, 2}, {kIdentity}, Cost::kMse, Task::kRegression);
  TrainOptions options{.epochs = 3, .batch_size = 10, .learning_rate = 0.001};
  for (const Algorithm algorithm : all_algorithms()) {
    options.optimizer = {.algorithm = algorithm, .epsilon = 0};
    const TrainSummary summary = run(model, options);
    const bool divides = traits_of(algorithm).has_epsilon;
    EXPECT_EQ(summary.status == TrainStatus::kDiverged, divides) << name_of(algorithm);
    EXPECT_EQ(summary.divergence.is_by_epsilon, divides) << name_of(algorithm);
    good_.clear();
  }
}

TEST_F(TrainerDiverges, AndMeasuresWhatItIsFedWith) {
  Matrix<double> features = copy_of_features(data_.train);
  features(25, 1) = -3e9;
  data_.train.features = std::move(features);
  data_.train.targets(7, 1) = -5e4;
  const auto diverged = [&](Normalization normalization, bool scales_targets) {
    auto model = make_model<double>({3, 2}, {kIdentity}, Cost::kMse, Task::kRegression);
    model.preprocess = fit_preprocess(normalization, data_.train);
    if (scales_targets) model.preprocess.targets = fit_targets(data_.train);
    good_.clear();
    const TrainSummary summary =
        run(model, {.epochs = 1000, .batch_size = 10, .learning_rate = 1e300});
    EXPECT_EQ(summary.status, TrainStatus::kDiverged);
    EXPECT_FALSE(summary.divergence.is_initial || summary.divergence.is_by_epsilon);
    return summary.divergence;
  };
  const Divergence raw = diverged(Normalization::kNone, false);
  EXPECT_EQ(raw.largest_input, 3e9);
  EXPECT_EQ(raw.largest_target, 5e4);
  const Divergence scaled = diverged(Normalization::kStandardize, true);
  EXPECT_EQ(scaled.largest_input, 0);
  EXPECT_EQ(scaled.largest_target, 0);
}

// The rate doubles from epoch to epoch, so that the model gets worse long before it diverges.
TEST_F(TrainerDiverges, KeepsTheBestEpochIfThatIsRestored) {
  data_.validation = random_targets(20, 3, 2, 7);
  auto model = make_model<float>({3, 2}, {kIdentity}, Cost::kQuadratic, Task::kRegression);
  const TrainSummary summary =
      run(model, {.epochs = 1000,
                  .batch_size = 10,
                  .learning_rate = 0.1,
                  .schedule = {.policy = SchedulePolicy::kExponential, .factor = 2},
                  .stop = {.patience = 1000, .monitor = Monitor::kValidationCost}});
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  ASSERT_LT(summary.best.epoch, summary.epochs);
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), good_[summary.best.epoch - 1]));
  EXPECT_EQ(evaluate(model, data_.validation, *executor_).score.cost,
            summary.best.validation->cost);
}

class TrainerRefuses : public testing::Test {
 protected:
  template <class E>
  std::string error_with(const DataSplit& data, const TrainOptions& options) {
    auto model = make_model<float>({6, 3}, {kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    const auto start = model.network;
    const std::string error =
        error_of<E>([&] { train(model, data, options, {}, *make_serial_executor()); });
    EXPECT_TRUE(std::ranges::equal(model.network.parameters(), start.parameters()));
    return error;
  }

  std::string option_error(const TrainOptions& options) {
    return error_with<ConfigError>(only_train(random_classes(10, 6, 3)), options);
  }
  std::string data_error(const DataSplit& data) { return error_with<DataError>(data, {}); }
};

TEST_F(TrainerRefuses, OptionsOutOfRange) {
  expect_in("train.epochs", option_error({.epochs = 0}));
  for (const double rate : {0.0, -0.5, kInfinity, kNan})
    expect_in("train.learning-rate", option_error({.learning_rate = rate}));
  for (const double bad : {-1e-9, kInfinity, kNan}) {
    expect_in("train.l1", option_error({.l1 = bad}));
    expect_in("train.l2", option_error({.l2 = bad}));
    expect_in("train.max-norm", option_error({.max_norm = bad}));
    expect_in("train.clip-norm", option_error({.clip_norm = bad}));
  }
}

TEST_F(TrainerRefuses, DataThatDoNotFit) {
  const Dataset fitting = random_classes(10, 6, 3);
  expect_in("no rows", data_error(only_train({})));

  std::string error = data_error(only_train(random_classes(10, 5, 3)));
  expect_in("training", error);
  expect_in("5 features", error);
  expect_in("6", error);

  error = data_error({.train = fitting, .validation = random_classes(10, 6, 4), .test = {}});
  expect_in("validation", error);
  expect_in("4 classes", error);
  expect_in("3 outputs", error);

  error = data_error({.train = fitting, .validation = {}, .test = random_targets(10, 6, 3)});
  expect_in("test", error);
  expect_in("values, but the model is a classification", error);
}

TEST_F(TrainerRefuses, MissingFeaturesThatTheModelDoesNotFillIn) {
  const auto lacking = [](RowOrigin origin) {
    Dataset rows = random_classes(10, 6, 3);
    Matrix<double> features = copy_of_features(rows);
    features(6, 1) = kNan;
    rows.features = std::move(features);
    rows.origin = std::move(origin);
    return rows;
  };
  const Dataset whole = random_classes(10, 6, 3);
  const std::string missing =
      "feature 1: the value is missing (NaN); expected a number, or a model trained with "
      "data.missing";
  EXPECT_EQ(data_error({.train = lacking({}), .validation = {}, .test = {}}),
            "training data: row 7: " + missing);
  EXPECT_EQ(data_error({.train = whole, .validation = lacking({}), .test = {}}),
            "validation data: row 7: " + missing);
  EXPECT_EQ(data_error({.train = whole,
                        .validation = {},
                        .test = lacking(RowOrigin({{.name = "a.csv", .runs = {{0, 2}}}}))}),
            "a.csv:8: " + missing);
}

TEST_F(TrainerRefuses, RowsWithoutTargets) {
  Dataset unlabelled = random_classes(10, 6, 3);
  unlabelled.labels.clear();
  const std::string error = data_error(only_train(unlabelled));
  expect_in("training", error);
  expect_in("0 of its 10 rows", error);
  expect_in("test",
            data_error({.train = random_classes(10, 6, 3), .validation = {}, .test = unlabelled}));
}

}  // namespace
}  // namespace nabla
