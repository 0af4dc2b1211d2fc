// SPDX-License-Identifier: MIT
//
// A training does not depend on the ranks that do it, nor on those that it is resumed with.
#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/train/trainer.h"

#include "support/models.h"
#include "support/thread_ranks.h"

namespace nabla {
namespace {

using namespace testing_support;
using enum Activation;

constexpr ParallelOptions kFourShards{1, 4, Reduction::kPerShard};

Model<float> ranks_model() {
  return make_model<float>({12, 40, 3}, {kRelu, kSoftmax}, Cost::kCrossEntropy,
                           Task::kClassification);
}

DataSplit ranks_data() {
  return {random_classes(150, 12, 3, 1), random_classes(130, 12, 3, 2),
          random_classes(70, 12, 3, 3)};
}

TrainOptions ranks_options() {
  TrainOptions options;
  options.epochs = 3;
  options.batch_size = 40;
  options.learning_rate = 0.01;
  options.optimizer.algorithm = Algorithm::kAdam;
  return options;
}

struct Trained {
  std::vector<float> parameters;
  std::vector<EpochReport> reports;
  TrainSummary summary;
  TrainState<float> state;
};

/// Trains on from `state`, if it is given, until that mini-batch in all, as a rank sees it.
Trained train_on(Ranks& ranks, const TrainState<float>* state = nullptr,
                 std::size_t stop_after = static_cast<std::size_t>(-1),
                 std::size_t stopping_rank = 0) {
  Model<float> model = ranks_model();
  const DataSplit data = ranks_data();
  const auto executor = make_executor(1);
  Trainer<float> trainer(model, data, ranks_options(), kFourShards, *executor, ranks);
  if (state != nullptr) trainer.resume(*state);
  Trained trained;
  std::size_t batches = 0;
  trained.summary = trainer.run({.on_batch =
                                     [&](const BatchReport&) {
                                       ++batches;
                                       return batches >= stop_after && ranks.rank() == stopping_rank
                                                  ? Flow::kStop
                                                  : Flow::kContinue;
                                     },
                                 .on_epoch =
                                     [&](const EpochReport& report) {
                                       trained.reports.push_back(report);
                                       return Flow::kContinue;
                                     }});
  trained.state = trainer.state();
  const auto parameters = model.network.parameters();
  trained.parameters.assign(parameters.begin(), parameters.end());
  return trained;
}

void expect_same_training(const Trained& actual, const Trained& expected, const std::string& name) {
  EXPECT_EQ(actual.parameters, expected.parameters) << name;
  ASSERT_LE(actual.reports.size(), expected.reports.size()) << name;
  const std::size_t skipped = expected.reports.size() - actual.reports.size();
  for (std::size_t i = 0; i < actual.reports.size(); ++i) {
    const EpochReport &a = actual.reports[i], &b = expected.reports[skipped + i];
    EXPECT_EQ(a.train.cost, b.train.cost) << name;
    EXPECT_EQ(a.train.goodness, b.train.goodness) << name;
    EXPECT_EQ(a.validation->cost, b.validation->cost) << name;
    EXPECT_EQ(a.test->cost, b.test->cost) << name;
    EXPECT_EQ(a.test->goodness, b.test->goodness) << name;
  }
}

TEST(RankTraining, HasTheFiguresOfOneProcess) {
  const Trained expected = train_on(lone_rank());
  for (const std::size_t count : {2UL, 3UL, 4UL})
    run_ranks(count, [&](Ranks& ranks) {
      const Trained actual = train_on(ranks);
      expect_same_training(actual, expected, std::to_string(count) + " ranks");
      EXPECT_EQ(actual.summary.ranks, count);
      EXPECT_GT(actual.summary.bytes_sent_per_step, 0);
    });
}

TEST(RankTraining, StopsOnAllRanksAtOnceAndIsResumedByAnyNumberOfThem) {
  const Trained expected = train_on(lone_rank());
  TrainState<float> state;
  run_ranks(3, [&](Ranks& ranks) {
    const Trained stopped = train_on(ranks, nullptr, 6, /*stopping_rank=*/2);
    EXPECT_EQ(stopped.summary.status, TrainStatus::kInterrupted);
    EXPECT_EQ(stopped.state.progress.epochs, 1U);
    EXPECT_EQ(stopped.state.progress.row, 80U);
    if (ranks.rank() == 0) state = stopped.state;
  });
  expect_same_training(train_on(lone_rank(), &state), expected, "one process");
  for (const std::size_t count : {2UL, 4UL})
    run_ranks(count, [&](Ranks& ranks) {
      expect_same_training(train_on(ranks, &state), expected, std::to_string(count) + " ranks");
    });
}

TEST(RankTraining, RefusesMoreRanksThanShardsAndOtherReductions) {
  for (const ParallelOptions& parallel :
       {ParallelOptions{1, 4, Reduction::kTiled}, ParallelOptions{1, 2, Reduction::kPerShard}})
    run_ranks(3, [&](Ranks& ranks) {
      Model<float> model = ranks_model();
      const DataSplit data = ranks_data();
      const auto executor = make_executor(1);
      try {
        Trainer<float>(model, data, ranks_options(), parallel, *executor, ranks);
        ADD_FAILURE() << "no error";
      } catch (const ConfigError& error) {
        EXPECT_NE(
            std::string(error.what()).find("--parallel.reduction=per-shard --parallel.shards=4"),
            std::string::npos)
            << error.what();
      }
    });
}

}  // namespace
}  // namespace nabla
