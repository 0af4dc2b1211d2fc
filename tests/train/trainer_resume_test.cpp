// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/checkpoint.h"
#include "nabla/train/trainer.h"

#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

class TrainerResume : public testing::Test {
 protected:
  DataSplit data_{.train = random_classes(53, 6, 3, 1),
                  .validation = random_classes(40, 6, 3, 2),
                  .test = random_classes(10, 6, 3, 3)};
  std::unique_ptr<Executor> executor_ = make_serial_executor();

  bool batch_norm_ = false;
  std::vector<double> dropout_;

  Model<float> start() const {
    auto model =
        make_model<float>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
    if (batch_norm_) {
      model.network = Network<float>(Topology({6, 8, 3}, {kTanh, kSoftmax}, true));
      initialize(model.network, Initializer::kLecun, {}, 1);
    }
    model.dropout = dropout_;
    return model;
  }

  /// All that a training leaves behind, times aside.
  struct Result {
    std::vector<float> parameters;
    std::vector<double> figures;
    bool operator==(const Result&) const = default;
  };

  /// Trains, stopping after every `batches` mini-batches, each time to go on in a new trainer from
  /// the bytes of a checkpoint.
  Result run(const TrainOptions& options, std::size_t batches) {
    Result result;
    std::string checkpoint;
    for (;;) {
      Model<float> model = start();
      // The parameters that the model had before do not matter.
      if (!checkpoint.empty()) model.network.bias(0)[0] = 1000;
      Trainer<float> trainer(model, data_, options, {}, *executor_);
      if (!checkpoint.empty()) trainer.resume(state_in<float>(parse(checkpoint)));
      std::size_t done = 0;
      const TrainSummary summary =
          trainer.run({.on_batch =
                           [&](const BatchReport& report) {
                             result.figures.push_back(report.mean_cost);
                             return ++done == batches ? Flow::kStop : Flow::kContinue;
                           },
                       .on_epoch =
                           [&](const EpochReport& report) {
                             note(report, result);
                             return Flow::kContinue;
                           }});
      checkpoint = serialize_checkpoint(trainer.state());
      if (summary.status == TrainStatus::kInterrupted) continue;
      note(summary.best, result);
      note(summary.last, result);
      result.figures.push_back(static_cast<double>(summary.epochs));
      result.figures.push_back(static_cast<double>(summary.status));
      result.figures.push_back(static_cast<double>(summary.divergence.batch));
      result.parameters.assign(model.network.parameters().begin(),
                               model.network.parameters().end());
      return result;
    }
  }

  void expect_exact(const TrainOptions& options) {
    const Result expected = run(options, kNever);
    for (const std::size_t batches : {1UL, 3UL, 6UL, 13UL})
      EXPECT_TRUE(run(options, batches) == expected) << "stopped every " << batches;
  }

 private:
  static CheckpointFile parse(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return parse_checkpoint({bytes.begin(), bytes.end()}, "checkpoint");
  }
  static void note(const EpochReport& report, Result& result) {
    result.figures.push_back(static_cast<double>(report.epoch));
    result.figures.push_back(report.learning_rate);
    for (const auto& score : {std::optional(report.train), report.validation, report.test}) {
      result.figures.push_back(score ? score->cost : -1);
      result.figures.push_back(score ? score->goodness : -1);
    }
  }
};

TEST_F(TrainerResume, IsExactWithEveryOptimizer) {
  using enum Algorithm;
  for (const Algorithm algorithm :
       {kSgd, kMomentum, kNesterov, kAdagrad, kRmsprop, kAdam, kAdamw}) {
    SCOPED_TRACE(name_of(algorithm));
    TrainOptions options{.epochs = 4, .batch_size = 9, .learning_rate = 0.01};
    options.optimizer.algorithm = algorithm;
    expect_exact(options);
  }
}

TEST_F(TrainerResume, IsExactWithSchedulesAndDropout) {
  using enum SchedulePolicy;
  dropout_ = {0.1, 0.5};
  for (const SchedulePolicy policy :
       {kConstant, kStep, kExponential, kInverse, kCosine, kPlateau}) {
    SCOPED_TRACE(name_of(policy));
    TrainOptions options{.epochs = 12, .batch_size = 9, .learning_rate = 0.8};
    options.evaluate_every = 2;
    options.schedule.policy = policy;
    options.schedule.patience = 1;
    options.schedule.warmup_epochs = 2;
    expect_exact(options);
  }
}

TEST_F(TrainerResume, IsExactWithBatchNormAndAugmentation) {
  batch_norm_ = true;
  data_.train.image_height = 2;
  data_.train.image_width = 3;
  TrainOptions options{.epochs = 4, .batch_size = 9, .learning_rate = 0.1};
  options.augment.affine = true;
  options.max_norm = 1;
  options.clip_norm = 0.5;
  expect_exact(options);
}

TEST_F(TrainerResume, IsExactWithEarlyStopping) {
  for (const bool restore : {true, false}) {
    TrainOptions options{.epochs = 500, .batch_size = 9, .learning_rate = 0.5};
    options.stop.patience = 3;
    options.stop.restore_best = restore;
    options.stop.monitor = Monitor::kValidationCost;
    expect_exact(options);
  }
}

TEST_F(TrainerResume, DivergesTheSameWay) {
  data_ = only_train(random_targets(40, 6, 3));
  TrainOptions options{.epochs = 500, .batch_size = 9, .learning_rate = 20};
  const auto run_until = [&](std::size_t stop) {
    auto model = make_model<float>({6, 3}, {kIdentity}, Cost::kQuadratic, Task::kRegression);
    std::size_t batch = 0;
    Trainer<float> trainer(model, data_, options, {}, *executor_);
    TrainSummary summary = trainer.run(
        {.on_batch =
             [&](const BatchReport&) { return ++batch == stop ? Flow::kStop : Flow::kContinue; },
         .on_epoch = {}});
    if (summary.status == TrainStatus::kInterrupted) {
      const TrainState<float> state = trainer.state();
      Trainer<float> other(model, data_, options, {}, *executor_);
      other.resume(state);
      summary = other.run();
    }
    EXPECT_EQ(summary.status, TrainStatus::kDiverged);
    return std::tuple(
        summary.divergence.epoch, summary.divergence.batch,
        std::vector(model.network.parameters().begin(), model.network.parameters().end()));
  };
  const auto expected = run_until(kNever);
  const std::size_t batches = (std::get<0>(expected) - 1) * 5 + std::get<1>(expected);
  ASSERT_GT(std::get<0>(expected), 1U);
  for (std::size_t stop = batches - 6; stop < batches; ++stop)
    EXPECT_EQ(run_until(stop), expected) << stop;
}

TEST_F(TrainerResume, MoreEpochsAreThoseOfALongerTraining) {
  TrainOptions options{.epochs = 6, .batch_size = 9, .learning_rate = 0.5};
  options.stop.patience = 5;
  const Result expected = run(options, kNever);
  Model<float> model = start();
  options.epochs = 2;
  Trainer<float> first(model, data_, options, {}, *executor_);
  EXPECT_EQ(first.run().status, TrainStatus::kCompleted);
  options.epochs = 6;
  Trainer<float> second(model, data_, options, {}, *executor_);
  second.resume(first.state());
  second.run();
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), expected.parameters))
      << "the state has the last parameters, the model the best";
}

TEST_F(TrainerResume, RefusesAStateOfAnotherTraining) {
  Model<float> model = start();
  const TrainOptions options{.epochs = 4, .batch_size = 9};
  Trainer<float> trainer(model, data_, options, {}, *executor_);
  trainer.run({.on_batch = [](const BatchReport&) { return Flow::kStop; }, .on_epoch = {}});
  const TrainState<float> good = trainer.state();
  EXPECT_EQ(good.progress.row, 9U);
  const std::vector<float> before(model.network.parameters().begin(),
                                  model.network.parameters().end());
  const auto refused = [&](auto change) {
    TrainState<float> bad = good;
    change(bad);
    return error_of<DataError>([&] { trainer.resume(bad); });
  };
  expect_in("training state: stopped at row 10, expected a multiple of the batch size 9",
            refused([](auto& state) { state.progress.row = 10; }));
  expect_in("stopped at row 54", refused([](auto& state) { state.progress.row = 54; }));
  expect_in("3 numbers in the parameters",
            refused([](auto& state) { state.parameters = AlignedArray<float>(3); }));
  expect_in("in the last good parameters", refused([](auto& state) { state.last_good = {}; }));
  expect_in("in the best parameters", refused([](auto& state) { state.best = {}; }));
  expect_in("optimiser state", refused([](auto& state) { state.optimizer.resize(1); }));
  EXPECT_TRUE(std::ranges::equal(model.network.parameters(), before));
}

}  // namespace
}  // namespace nabla
