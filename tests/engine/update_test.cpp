// SPDX-License-Identifier: MIT
#include "engine/update.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <span>
#include <vector>

#include "nabla/engine/executor.h"

#include "base/random.h"
#include "engine/plan.h"
#include "engine/step.h"
#include "optimize/optimizer.h"
#include "support/models.h"

namespace nabla {
namespace {

using enum Activation;

/// Values of many magnitudes, so that another order of adding shows in the last bits.
void fill(MatrixView<float> to, std::uint32_t number) {
  Random random(5, number);
  for (std::size_t r = 0; r < to.rows; ++r)
    for (float& x : to.row(r))
      x = static_cast<float>(random.uniform(-1.0, 1.0) * (1 << random.below(20)));
}

/// Shards first … last − 1 added as the reduction is meant to: the largest power of two of them by
/// itself, then the rest.
float naive_sum(const std::vector<float>& shards, std::size_t first, std::size_t last) {
  if (last - first == 1) return shards[first];
  std::size_t half = 1;
  while (2 * half < last - first) half *= 2;
  return naive_sum(shards, first, first + half) + naive_sum(shards, first + half, last);
}

/// Each shard is a row, so that its nabla is a product of two numbers, rounded once.
void expect_pairwise_sums(const Topology& topology, std::size_t shards, std::size_t threads,
                          const NormBounds& bounds) {
  StepPlan plan = plan_step(topology, shards, {threads, shards, Reduction::kPerShard});
  const auto executor = make_executor(threads);
  const BatchNorm<Float32> batch_norm(topology, shards, shards);
  const ShardRows shard_rows(plan, lone_rank());
  Update<Float32> update(topology, plan, {}, {}, bounds, batch_norm, shard_rows, *executor);
  PhaseClock clock(update.most_tasks(), threads);
  Workspace<Float32> workspace(topology, shards);
  Network<float> network(topology);
  const RowRange all{0, shards};
  for (std::uint32_t i = 0; i < network.layers(); ++i) {
    fill(workspace.activation(i, all), 10 + i);
    fill(workspace.delta(i, all), 20 + i);
  }
  update.begin(shards);
  const double rate = 0.5, scale = 1.0 / static_cast<double>(shards);
  update.run(network, workspace, shards, rate, {*executor, clock});
  Optimizer<float> optimizer({}, {}, topology.storage());
  optimizer.begin_step(rate);
  std::vector<float> products(shards);
  const auto expect_step = [&](float actual) {
    const float sum = naive_sum(products, 0, shards);
    float expected = 0;
    optimizer.step_range(ParameterKind::kWeights, {&expected, 1}, 0, {&sum, 1}, scale);
    ASSERT_EQ(actual, expected);
  };
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const auto delta = workspace.delta(i, all), activation = workspace.activation(i, all);
    const auto weight = network.weight(i);
    for (std::size_t j = 0; j < weight.rows; ++j) {
      for (std::size_t k = 0; k < weight.cols; ++k) {
        for (std::size_t s = 0; s < shards; ++s) products[s] = delta(s, j) * activation(s, k);
        expect_step(weight(j, k));
        if (::testing::Test::HasFatalFailure()) return;
      }
      for (std::size_t s = 0; s < shards; ++s) products[s] = delta(s, j);
      expect_step(network.bias(i)[j]);
    }
  }
}

TEST(Update, AddsShardsPairwise) {
  const Topology small({40, 50, 3}, {kTanh, kSoftmax});
  for (const std::size_t shards : {1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL, 11UL, 16UL, 21UL}) {
    SCOPED_TRACE(shards);
    expect_pairwise_sums(small, shards, 2, {});
    // A bound that is never reached has the nabla stored.
    expect_pairwise_sums(small, shards, 1, {.nabla = 1e30});
  }
}

TEST(Update, AddsShardsPairwiseInManyBands) {
  const Topology large({1500, 1500, 3}, {kTanh, kSoftmax});
  for (const std::size_t shards : {1UL, 3UL, 8UL}) {
    SCOPED_TRACE(shards);
    expect_pairwise_sums(large, shards, 2, {});
  }
}

/// Parameters after one step on the first `rows` of 17 rows, each row a shard of its own.
std::vector<double> stepped_by_rows(std::size_t batch_size, std::size_t rows) {
  using namespace testing_support;
  auto model =
      make_model<double>({6, 8, 3}, {kTanh, kSoftmax}, Cost::kCrossEntropy, Task::kClassification);
  const Dataset data = random_classes(17, 6, 3);
  const auto all = first_rows(data.rows());
  const Topology& topology = model.network.topology();
  const auto executor = make_serial_executor();
  Step<Float64> step(topology, model.cost, data, model.preprocess,
                     plan_step(topology, batch_size, {1, batch_size, Reduction::kPerShard}), {},
                     *executor);
  step.run(model.network, std::span(all).first(rows), {0.5});
  const auto parameters = model.network.parameters();
  return {parameters.begin(), parameters.end()};
}

TEST(Update, LeavesOutShardsWithoutRows) {
  EXPECT_EQ(stepped_by_rows(10, 10), stepped_by_rows(17, 10));
  EXPECT_NE(stepped_by_rows(10, 10), stepped_by_rows(10, 9));
}

}  // namespace
}  // namespace nabla
