// SPDX-License-Identifier: MIT
//
// The five experiments that the engine is built for have the same bytes after some steps, however
// many threads take them.
#include "support/workloads.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "nabla/math/elementwise.h"

#include "data/digits.h"
#include "engine/step.h"
#include "support/sanitizers.h"

namespace nabla {
namespace {

using namespace testing_support;

constexpr Reduction kReductions[] = {Reduction::kPerShard, Reduction::kTiled};
constexpr std::size_t kManyThreads[] = {2, 3, 8, 32};
constexpr std::size_t kThreeThreads[] = {3};

const Dataset& digits() {
  static const Dataset data = make_digits(1, 0, 1200);
  return data;
}

/// Trains one workload from the same start again and again.
class Training {
 public:
  /// Mini-batches of `batch` rows from the first `rows`.
  Training(const Workload& workload, std::size_t batch, std::size_t rows)
      : model_(make_model<float>(workload.widths,
                                 activations_of(workload.widths, workload.hidden, workload.output),
                                 workload.cost, Task::kClassification)),
        batch_(batch),
        rows_(first_rows(rows)),
        learning_rate_(workload.learning_rate) {
    model_.preprocess.kind = Normalization::kScale;
  }

  /// The parameters after one epoch.
  Network<float> train(const ParallelOptions& parallel) const {
    Network<float> network = model_.network;
    const auto executor = make_executor(parallel.threads);
    StepOptions options;
    options.penalty.l2 = 1e-4;
    Step<Float32> step(network.topology(), model_.cost, digits(), model_.preprocess,
                       plan_step(network.topology(), batch_, parallel), options, *executor);
    for (std::size_t first = 0; first < rows_.size(); first += batch_) {
      const std::size_t count = std::min(batch_, rows_.size() - first);
      step.run(network, std::span(rows_).subspan(first, count), {learning_rate_});
    }
    return network;
  }

  /// Trains on one thread, then on `threads`, with each reduction.
  void expect_same_bytes(std::size_t shards, std::span<const std::size_t> threads) const {
    for (const Reduction reduction : kReductions) {
      const Network<float> expected = train({1, shards, reduction});
      ASSERT_TRUE(elementwise::all_finite<float>(expected.parameters()));
      ASSERT_FALSE(same(expected, model_.network));
      for (const std::size_t count : threads)
        EXPECT_TRUE(same(train({count, shards, reduction}), expected))
            << (reduction == Reduction::kTiled ? "tiled, " : "per-shard, ") << shards << " shards, "
            << count << " threads";
    }
  }

 private:
  static bool same(const Network<float>& a, const Network<float>& b) {
    return std::memcmp(a.parameters().data(), b.parameters().data(), a.parameters().size_bytes()) ==
           0;
  }

  Model<float> model_;
  std::size_t batch_;
  std::vector<std::uint32_t> rows_;
  double learning_rate_;
};

class EngineWorkloads : public testing::TestWithParam<Workload> {
 protected:
  void SetUp() override {
    if (NABLA_SANITIZED && GetParam().topology().parameters() > 1'000'000)
      GTEST_SKIP() << "too slow under a sanitizer";
  }
};

/// Two mini-batches and a ragged one of three rows: fewer than shards, if those are seven.
TEST_P(EngineWorkloads, SameBytesForAnyNumberOfThreads) {
  const Workload& workload = GetParam();
  const Training training(workload, workload.batch, 2 * workload.batch + 3);
  training.expect_same_bytes(0, kManyThreads);
}

TEST_P(EngineWorkloads, SameBytesForShardsOfUnequalSize) {
  const Workload& workload = GetParam();
  const bool large = workload.topology().parameters() > 1'000'000;
  const Training training(workload, workload.batch, workload.batch + workload.batch / 8 + 1);
  for (const std::size_t shards : {3UL, 7UL})
    training.expect_same_bytes(shards, large ? std::span<const std::size_t>(kThreeThreads)
                                             : std::span<const std::size_t>(kManyThreads));
}

TEST_P(EngineWorkloads, SameBytesForMiniBatchesOfOneRow) {
  const Training training(GetParam(), 1, 3);
  training.expect_same_bytes(0, kThreeThreads);
}

INSTANTIATE_TEST_SUITE_P(Engine, EngineWorkloads,
                         testing::Values(kNielsen, kNielsen100, kWide, kDeep, kCiresan),
                         [](const auto& workload) { return std::string(workload.param.name); });

TEST(EngineWorkload, SameBytesForOneMiniBatchOfAllRows) {
  for (const Workload& workload : {kNielsen, kNielsen100, kWide}) {
    SCOPED_TRACE(workload.name);
    ASSERT_TRUE(plan_step(workload.topology(), 401, {}).worth_threads);
    const Training training(workload, 401, 401);
    for (const std::size_t shards : {0UL, 7UL}) training.expect_same_bytes(shards, kManyThreads);
  }
}

/// Other threads take the cores away from tasks at any point.
TEST(EngineWorkload, SameBytesOnALoadedMachine) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> load;
  for (int i = 0; i < 4; ++i)
    load.emplace_back([&stop] {
      while (!stop.load(std::memory_order_relaxed)) continue;
    });
  const Training training(kWide, kWide.batch, 3 * kWide.batch + 5);
  using Counts = std::span<const std::size_t>;
  const Counts threads = NABLA_SANITIZED ? Counts(kThreeThreads) : Counts(kManyThreads);
  for (const std::size_t shards : {0UL, 7UL}) training.expect_same_bytes(shards, threads);
  stop = true;
  for (std::thread& thread : load) thread.join();
}

}  // namespace
}  // namespace nabla
