// SPDX-License-Identifier: MIT
#include "nabla/train/trainer.h"

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

Dataset xor_rows() {
  Dataset data;
  Matrix<float> features(4, 2);
  for (std::size_t i = 0; i < 4; ++i) {
    features(i, 0) = static_cast<float>(i / 2);
    features(i, 1) = static_cast<float>(i % 2);
  }
  data.features = std::move(features);
  data.labels = {0, 1, 1, 0};
  data.classes = class_names(2);
  return data;
}

template <class T>
Model<T> small_classifier(std::uint64_t seed = 1) {
  return make_model<T>({6, 8, 3}, {kSigmoid, kSoftmax}, Cost::kCrossEntropy, Task::kClassification,
                       seed);
}

class Trainer : public testing::Test {
 protected:
  template <class T>
  TrainSummary run(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const TrainCallbacks& callbacks = {}) {
    return train(model, data, options, {}, *executor_, callbacks);
  }

  std::unique_ptr<Executor> executor_ = make_executor(2);
};

TEST_F(Trainer, LearnsXor) {
  auto model =
      make_model<float>({2, 4, 2}, {kSigmoid, kSigmoid}, Cost::kQuadratic, Task::kClassification);
  const DataSplit data = only_train(xor_rows());
  EXPECT_LT(evaluate(model, data.train, *executor_).score.goodness, 1.0);
  const TrainSummary summary =
      run(model, data, {.epochs = 2000, .batch_size = 4, .learning_rate = 5});
  EXPECT_EQ(summary.status, TrainStatus::kCompleted);
  EXPECT_EQ(summary.last.train.goodness, 1.0);
  EXPECT_LT(summary.last.train.cost, 0.01);
  EXPECT_EQ(evaluate(model, data.train, *executor_).score.goodness, 1.0);
}

TEST_F(Trainer, ReportsTheTrainingCostOfTheModelBeforeEachStep) {
  for (const Task task : {Task::kClassification, Task::kRegression}) {
    const bool classes = task == Task::kClassification;
    const DataSplit data =
        only_train(classes ? random_classes(50, 6, 3) : random_targets(50, 6, 3));
    auto model = make_model<double>({6, 8, 3}, {kTanh, classes ? kSoftmax : kIdentity},
                                    classes ? Cost::kCrossEntropy : Cost::kMse, task);
    // One mini-batch an epoch: what training saw is what an evaluation would have said.
    const NaiveEvaluation twin = naive_evaluation(model, data.train);
    const Score before = evaluate(model, data.train, *executor_).score;
    const TrainSummary summary = run(model, data, {.epochs = 1, .batch_size = 0});
    // Either sums the rows' numbers in an order of its own: both are off what the twin sums by no
    // more than its bound.
    EXPECT_ROUNDED(before.cost, twin.cost);
    EXPECT_ROUNDED(summary.last.train.cost, twin.cost);
    EXPECT_ROUNDED(before.goodness, twin.goodness);
    EXPECT_ROUNDED(summary.last.train.goodness, twin.goodness);
  }
}

TEST_F(Trainer, IsTheNaiveTwinWhereRowsAreNotShuffled) {
  const DataSplit data = only_train(random_classes(23, 6, 3));
  auto model = small_classifier<double>();
  NaiveNetwork twin(model);
  Scalar cost;
  std::size_t first = 0;
  double worst = 0;
  TrainCallbacks callbacks;
  callbacks.on_batch = [&](const BatchReport& report) {
    if (first >= report.row) first = 0, cost = {};
    std::vector<Vector> x, y;
    for (; first < report.row; ++first) {
      x.push_back(features_of(data.train, first));
      y.push_back(targets_of(data.train, first));
    }
    cost += twin.step(x, y, 0.3, 0.01);
    worst = std::max(worst, twin.rounding_share(model.network));
    twin = NaiveNetwork(model);  // so that only the rounding of one step is bounded
    return Flow::kContinue;
  };
  const TrainSummary summary =
      run(model, data,
          {.epochs = 3, .batch_size = 5, .learning_rate = 0.3, .shuffle = false, .l2 = 0.01},
          callbacks);
  EXPECT_EQ(first, 23U);
  EXPECT_LE(worst, 1);
  EXPECT_ROUNDED(summary.last.train.cost, cost / 23) << "without the penalty";
}

TEST_F(Trainer, ShufflesByTheSeed) {
  const DataSplit data = only_train(random_classes(40, 6, 3));
  const auto trained = [&](std::uint64_t seed, bool shuffle) {
    auto model = small_classifier<float>();
    run(model, data, {.epochs = 2, .batch_size = 4, .seed = seed, .shuffle = shuffle});
    return model.network.bias(1)[0];
  };
  EXPECT_EQ(trained(1, true), trained(1, true));
  EXPECT_NE(trained(1, true), trained(2, true));
  EXPECT_NE(trained(1, true), trained(1, false));
  EXPECT_EQ(trained(1, false), trained(2, false));
}

TEST_F(Trainer, CallsBackAfterEachMiniBatchAndEpoch) {
  for (const LastBatch last_batch : {LastBatch::kKeep, LastBatch::kDrop}) {
    std::vector<std::size_t> batch_rows = {10, 20};
    if (last_batch == LastBatch::kKeep) batch_rows.push_back(23);
    std::vector<std::size_t> rows, epochs;
    double last_cost = 0;
    TrainCallbacks callbacks;
    callbacks.on_batch = [&](const BatchReport& report) {
      EXPECT_EQ(report.epoch, epochs.size() + 1);
      EXPECT_EQ(report.epochs, 2U);
      EXPECT_EQ(report.rows, batch_rows.back());
      EXPECT_GE(report.seconds, 0);
      rows.push_back(report.row);
      last_cost = report.mean_cost;
      return Flow::kContinue;
    };
    callbacks.on_epoch = [&](const EpochReport& report) {
      EXPECT_EQ(rows, batch_rows);
      EXPECT_EQ(report.train.cost, last_cost);
      EXPECT_EQ(report.learning_rate, 0.25);
      EXPECT_GT(report.samples_per_second, 0);
      EXPECT_FALSE(report.validation);
      EXPECT_FALSE(report.test);
      epochs.push_back(report.epoch);
      rows.clear();
      return Flow::kContinue;
    };
    auto model = small_classifier<float>();
    const TrainSummary summary =
        run(model, only_train(random_classes(23, 6, 3)),
            {.epochs = 2, .batch_size = 10, .learning_rate = 0.25, .last_batch = last_batch},
            callbacks);
    EXPECT_EQ(epochs, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(summary.epochs, 2U);
    EXPECT_EQ(summary.last.train.cost, last_cost);
    EXPECT_GT(summary.train_seconds, 0);
    EXPECT_GT(summary.samples_per_second, 0);
    EXPECT_EQ(summary.shards, 1U);
    EXPECT_EQ(summary.reduction, Reduction::kTiled);
    EXPECT_EQ(summary.parameters, 6U * 8 + 8 + 8 * 3 + 3);
  }
}

TEST_F(Trainer, BatchesLargerThanTheDataAreAllOfThem) {
  const DataSplit data = only_train(random_classes(23, 6, 3));
  auto all = small_classifier<double>(), more = all;
  run(all, data, {.epochs = 2, .batch_size = 0});
  run(more, data, {.epochs = 2, .batch_size = 1000, .last_batch = LastBatch::kDrop});
  EXPECT_TRUE(std::ranges::equal(all.network.parameters(), more.network.parameters()));
}

TEST_F(Trainer, StopsWhereAMiniBatchSaysSo) {
  auto model = small_classifier<float>();
  int batches = 0, epochs = 0;
  const TrainSummary summary =
      run(model, only_train(random_classes(40, 6, 3)), {.epochs = 5, .batch_size = 10},
          {.on_batch =
               [&](const BatchReport&) { return ++batches == 6 ? Flow::kStop : Flow::kContinue; },
           .on_epoch =
               [&](const EpochReport&) {
                 ++epochs;
                 return Flow::kContinue;
               }});
  EXPECT_EQ(summary.status, TrainStatus::kInterrupted);
  EXPECT_EQ(batches, 6);
  EXPECT_EQ(epochs, 1);
  EXPECT_EQ(summary.epochs, 1U);
  EXPECT_EQ(summary.last.epoch, 1U);
}

TEST_F(Trainer, StopsWhereAnEpochSaysSo) {
  for (const auto& [epochs, status] :
       {std::pair{5UL, TrainStatus::kInterrupted}, std::pair{2UL, TrainStatus::kCompleted}}) {
    auto model = small_classifier<float>();
    const TrainSummary summary =
        run(model, only_train(random_classes(40, 6, 3)), {.epochs = epochs},
            {.on_batch = {}, .on_epoch = [](const EpochReport& report) {
               return report.epoch == 2 ? Flow::kStop : Flow::kContinue;
             }});
    EXPECT_EQ(summary.status, status) << "after the last epoch there is nothing left to stop";
    EXPECT_EQ(summary.epochs, 2U);
  }
}

TEST_F(Trainer, EvaluatesEverySoManyEpochs) {
  const DataSplit data{.train = random_classes(40, 6, 3, 1),
                       .validation = random_classes(20, 6, 3, 2),
                       .test = random_classes(30, 6, 3, 3)};
  for (const auto& [every, expected] :
       {std::pair{0UL, std::vector<std::size_t>{5}}, {1UL, {1, 2, 3, 4, 5}}, {2UL, {2, 4, 5}}}) {
    auto model = small_classifier<float>();
    std::vector<std::size_t> evaluated;
    double best_cost = HUGE_VAL;
    std::size_t best_epoch = 0;
    const TrainSummary summary =
        run(model, data, {.epochs = 5, .learning_rate = 2, .evaluate_every = every},
            {.on_batch = {}, .on_epoch = [&](const EpochReport& report) {
               EXPECT_EQ(report.validation.has_value(), report.test.has_value());
               if (report.test) {
                 evaluated.push_back(report.epoch);
                 const Evaluation test = evaluate(model, data.test, *executor_);
                 EXPECT_EQ(report.test->goodness, test.score.goodness);
                 EXPECT_EQ(report.test->cost, test.score.cost);
                 if (report.validation->cost < best_cost) {
                   best_cost = report.validation->cost;
                   best_epoch = report.epoch;
                 }
               }
               return Flow::kContinue;
             }});
    EXPECT_EQ(evaluated, expected);
    EXPECT_EQ(summary.best.epoch, best_epoch);
    EXPECT_EQ(summary.last.epoch, 5U);
  }
}

TEST_F(Trainer, SameBytesForAnyExecutor) {
  const DataSplit data{.train = random_classes(300, 64, 10, 1),
                       .validation = {},
                       .test = random_classes(200, 64, 10, 2)};
  const auto trained = [&](std::size_t threads) {
    auto model = make_model<float>({64, 256, 10}, {kRelu, kSoftmax}, Cost::kCrossEntropy,
                                   Task::kClassification);
    const auto executor = make_executor(threads);
    const TrainSummary summary =
        train(model, data, {.epochs = 3, .batch_size = 250, .learning_rate = 0.1}, {}, *executor);
    EXPECT_GT(summary.shards, 1U);
    EXPECT_EQ(summary.threads, threads);
    return std::pair{
        std::vector(model.network.parameters().begin(), model.network.parameters().end()),
        std::pair{summary.last.train.cost, summary.last.test->cost}};
  };
  const auto serial = trained(1);
  EXPECT_EQ(trained(2), serial);
  EXPECT_EQ(trained(5), serial);
}

TEST_F(Trainer, AnEpochStoppedAfterItsLastMiniBatchIsComplete) {
  const DataSplit data{
      .train = random_classes(30, 6, 3), .validation = {}, .test = random_classes(5, 6, 3)};
  for (const std::size_t epochs : {1UL, 5UL}) {
    auto model = small_classifier<float>();
    std::size_t reported = 0;
    const TrainCallbacks callbacks{.on_batch =
                                       [](const BatchReport& report) {
                                         return report.row == report.rows ? Flow::kStop
                                                                          : Flow::kContinue;
                                       },
                                   .on_epoch =
                                       [&](const EpochReport& report) {
                                         ++reported;
                                         EXPECT_TRUE(report.test.has_value());
                                         return Flow::kContinue;
                                       }};
    const TrainSummary summary = run(model, data, {.epochs = epochs, .batch_size = 10}, callbacks);
    EXPECT_EQ(summary.epochs, 1U);
    EXPECT_EQ(reported, 1U);
    EXPECT_EQ(summary.status, epochs == 1 ? TrainStatus::kCompleted : TrainStatus::kInterrupted);
  }
}

}  // namespace
}  // namespace nabla
