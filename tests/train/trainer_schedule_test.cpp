// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

class TrainerSchedule : public testing::Test {
 protected:
  Model<double> model_ =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  // Labels that follow from nothing: the validation rows soon get worse.
  DataSplit data_{
      .train = random_classes(60, 6, 3, 1), .validation = random_classes(40, 6, 3, 2), .test = {}};
  std::unique_ptr<Executor> executor_ = make_serial_executor();
  std::vector<EpochReport> reports_;
  std::vector<std::vector<double>> parameters_;  ///< after each epoch

  TrainSummary run(const TrainOptions& options) {
    return train(model_, data_, options, {}, *executor_,
                 {.on_batch = {}, .on_epoch = [&](const EpochReport& report) {
                    reports_.push_back(report);
                    const auto now = model_.network.parameters();
                    parameters_.emplace_back(now.begin(), now.end());
                    return Flow::kContinue;
                  }});
  }

  /// The epoch, from 1, after which `patience` evaluations in turn were no better than the best by
  /// more than `min_delta`; 0 if there is none.
  std::size_t expected_stop(std::size_t patience, double min_delta, double sign, bool cost) const {
    double best = -HUGE_VAL;
    std::size_t since = 0;
    for (const EpochReport& report : reports_) {
      const double figure = sign * (cost ? report.validation->cost : report.validation->goodness);
      since = figure > best + min_delta ? 0 : since + 1;
      if (since == 0) best = figure;
      if (since == patience) return report.epoch;
    }
    return 0;
  }
};

TEST_F(TrainerSchedule, TrainsAtTheRatesItReports) {
  run({.epochs = 4,
       .batch_size = 20,
       .learning_rate = 0.8,
       .schedule = {.policy = SchedulePolicy::kExponential, .factor = 0.5}});
  const auto scheduled = parameters_;
  for (std::size_t epoch = 0; epoch < 4; ++epoch)
    EXPECT_EQ(reports_[epoch].learning_rate, 0.8 / static_cast<double>(1U << epoch));

  // The same by hand: epoch 2 alone, from the parameters after epoch 1, without shuffling.
  model_ =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  parameters_.clear();
  const TrainOptions half{.epochs = 1, .batch_size = 0, .learning_rate = 0.4, .shuffle = false};
  TrainOptions whole = half;
  whole.learning_rate = 0.8;
  run(whole);
  run(half);
  const std::vector<double> by_hand = parameters_.back();
  model_ =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  whole.epochs = 2;
  whole.schedule.policy = SchedulePolicy::kExponential;
  run(whole);
  EXPECT_EQ(parameters_.back(), by_hand);
}

TEST_F(TrainerSchedule, WarmsUpByTheMiniBatch) {
  // Two mini-batches of equal rows in one epoch of warm-up: half the rate, then all of it.
  run({.epochs = 1,
       .batch_size = 30,
       .learning_rate = 0.8,
       .shuffle = false,
       .schedule = {.warmup_epochs = 1}});
  EXPECT_EQ(reports_.back().learning_rate, 0.8) << "without the factor";
  const std::vector<double> warmed = parameters_.back();
  model_ =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const DataSplit all = data_;
  data_.train = slice(all.train, 0, 30);
  run({.epochs = 1, .batch_size = 30, .learning_rate = 0.4, .shuffle = false});
  data_.train = slice(all.train, 30, 30);
  run({.epochs = 1, .batch_size = 30, .learning_rate = 0.8, .shuffle = false});
  EXPECT_EQ(parameters_.back(), warmed);
}

TEST_F(TrainerSchedule, StopsEarlyAndRestoresTheBest) {
  for (const auto& [monitor, min_delta] : {std::pair{Monitor::kValidationCost, 0.0},
                                           {Monitor::kValidationAccuracy, 0.0},
                                           {Monitor::kValidationAccuracy, 0.03}}) {
    for (const bool restore : {true, false}) {
      reports_.clear();
      parameters_.clear();
      model_ = make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy,
                                  Task::kClassification);
      const TrainSummary summary = run({.epochs = 500,
                                        .batch_size = 5,
                                        .learning_rate = 0.5,
                                        .stop = {.patience = 4,
                                                 .min_delta = min_delta,
                                                 .monitor = monitor,
                                                 .restore_best = restore}});
      const bool cost = monitor == Monitor::kValidationCost;
      EXPECT_EQ(summary.status, TrainStatus::kEarlyStopped);
      EXPECT_EQ(summary.epochs, expected_stop(4, min_delta, cost ? -1 : 1, cost));
      EXPECT_EQ(summary.last.epoch, summary.epochs);
      const auto best = std::ranges::max_element(reports_, {}, [&](const EpochReport& report) {
        return std::pair(cost ? 0 : report.validation->goodness, -report.validation->cost);
      });
      EXPECT_EQ(summary.best.epoch, best->epoch);
      EXPECT_LT(best->epoch, summary.epochs);
      EXPECT_TRUE(std::ranges::equal(model_.network.parameters(),
                                     restore ? parameters_[best->epoch - 1] : parameters_.back()));
    }
  }
}

TEST_F(TrainerSchedule, RestoresTheBestWithoutEarlyStoppingToo) {
  const TrainSummary summary = run({.epochs = 30, .batch_size = 5});
  EXPECT_EQ(summary.status, TrainStatus::kCompleted);
  ASSERT_LT(summary.best.epoch, 30U);
  EXPECT_EQ(summary.model_epoch, summary.best.epoch);
  EXPECT_EQ(summary.of_model().epoch, summary.best.epoch);
  EXPECT_TRUE(std::ranges::equal(model_.network.parameters(), parameters_[summary.best.epoch - 1]));
}

TEST_F(TrainerSchedule, KeepsTheLastEpochWithoutValidationRows) {
  data_.test = std::exchange(data_.validation, {});
  const TrainSummary summary = run({.epochs = 30, .batch_size = 5});
  ASSERT_LT(summary.best.epoch, 30U) << "picked on test rows, which choose no model";
  EXPECT_EQ(summary.model_epoch, 30U);
  EXPECT_EQ(summary.of_model().epoch, 30U);
  EXPECT_TRUE(std::ranges::equal(model_.network.parameters(), parameters_.back()));
}

TEST_F(TrainerSchedule, LowersTheRateOnAPlateau) {
  run({.epochs = 30,
       .batch_size = 5,
       .learning_rate = 0.8,
       .schedule =
           {.policy = SchedulePolicy::kPlateau, .factor = 0.5, .min_rate = 0.15, .patience = 3},
       .stop = {.monitor = Monitor::kValidationCost}});
  double rate = 0.8, best = HUGE_VAL;
  std::size_t since = 0, falls = 0;
  for (const EpochReport& report : reports_) {
    EXPECT_EQ(report.learning_rate, std::max(rate, 0.15)) << "epoch " << report.epoch;
    since = report.validation->cost < best ? 0 : since + 1;
    best = std::min(best, report.validation->cost);
    if (since < 3) continue;
    since = 0;
    rate /= 2;
    ++falls;
  }
  EXPECT_GT(falls, 3U);
}

TEST_F(TrainerSchedule, WatchingNeedsValidationRows) {
  data_.validation = {};
  expect_in("stop.patience: no validation rows",
            error_of<ConfigError>([&] { run({.stop = {.patience = 1}}); }));
  expect_in("schedule.policy: no validation rows", error_of<ConfigError>([&] {
              run({.schedule = {.policy = SchedulePolicy::kPlateau}});
            }));
  expect_in("stop.min-delta: ", error_of<ConfigError>([&] { run({.stop = {.min_delta = -1}}); }));
}

TEST_F(TrainerSchedule, NamesTheRateAtWhichItDiverged) {
  data_ = only_train(random_targets(40, 3, 2));
  auto model = make_model<float>({3, 2}, {kIdentity}, Cost::kQuadratic, Task::kRegression);
  const TrainSummary summary =
      train(model, data_,
            {.epochs = 100,
             .batch_size = 10,
             .learning_rate = 100,
             .schedule = {.policy = SchedulePolicy::kStep, .step_epochs = 1, .factor = 0.9}},
            {}, *executor_);
  EXPECT_EQ(summary.status, TrainStatus::kDiverged);
  EXPECT_GT(summary.divergence.epoch, 1U);
  EXPECT_EQ(summary.divergence.rate,
            100 * std::pow(0.9, static_cast<double>(summary.divergence.epoch - 1)));
}

}  // namespace
}  // namespace nabla
