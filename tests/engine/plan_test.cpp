// SPDX-License-Identifier: MIT
#include "engine/plan.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/workloads.h"

namespace nabla {
namespace {

using namespace testing_support;

const Workload kTiny{.name = "tiny", .widths = {3, 1, 2}, .batch = 7};
const Workload kFullBatch{.name = "full batch", .widths = {784, 30, 10}, .batch = 60000};

const Workload kAll[] = {kNielsen, kNielsen100, kWide, kDeep, kCiresan, kTiny, kFullBatch};

StepPlan default_plan(const Workload& workload, Precision precision = Precision::kFloat32) {
  return plan_step(workload.topology(), workload.batch, {}, TileCut::kAny, nullptr, precision);
}

TEST(EnginePlan, CountsFlops) {
  EXPECT_EQ(flops_per_sample(kNielsen.topology()), 4.0 * 784 * 30 + 6.0 * 30 * 10);
  EXPECT_EQ(flops_per_sample(kTiny.topology()), 4.0 * 3 + 6.0 * 2);
}

TEST(EnginePlan, SmallMiniBatchesAreNotSplit) {
  for (const Workload& workload : {kNielsen, kNielsen100, kTiny}) {
    const StepPlan plan = default_plan(workload);
    EXPECT_EQ(plan.shards, 1U) << workload.name;
    EXPECT_FALSE(plan.worth_threads) << workload.name;
  }
}

TEST(EnginePlan, TellsTheSmallestMiniBatchThatIsSplit) {
  for (const Workload& workload : kAll) {
    const std::size_t rows = smallest_split_batch(workload.topology());
    SCOPED_TRACE(std::string(workload.name) + ", " + std::to_string(rows));
    EXPECT_TRUE(plan_step(workload.topology(), rows, {}).worth_threads);
    const bool is_less_split =
        rows > 1 && plan_step(workload.topology(), rows - 1, {}).worth_threads;
    EXPECT_FALSE(is_less_split);
  }
}

/// All layers but the last, whose ten neurons are less than a percent of the work: their product is
/// one task per shard.
TEST(EnginePlan, LargeMiniBatchesOfferWorkForManyCores) {
  const std::pair<Workload, std::size_t> bars[] = {{kWide, 8}, {kDeep, 16}, {kCiresan, 16}};
  for (const auto& [workload, tasks] : bars)
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
      SCOPED_TRACE(std::string(workload.name) + " " + std::string(name_of(precision)));
      const StepPlan plan = default_plan(workload, precision);
      EXPECT_TRUE(plan.worth_threads);
      EXPECT_GE(plan.shards * plan.row_blocks, tasks) << "gather and cost";
      for (std::size_t i = 1; i + 1 < workload.widths.size(); ++i)
        EXPECT_GE(plan.shards * plan.blocks[i].size(), tasks)
            << "feedforward and backprop of hidden layer " << i;
      EXPECT_GE(plan.tiles.size(), tasks) << "reduce";
    }
}

TEST(EnginePlan, InBfloat16BlocksAloneMayBeEnough) {
  EXPECT_EQ(default_plan(kWide, Precision::kBfloat16).shards, 1U);
  EXPECT_EQ(default_plan(kWide).shards, 2U);
  // Layers too narrow for many blocks, and entries, still want shards.
  EXPECT_EQ(default_plan(kCiresan, Precision::kBfloat16).shards, 2U);
  for (const std::size_t batch : {60U, 1000U}) {
    const Workload narrow{.name = "narrow", .widths = {784, 100, 10}, .batch = batch};
    ASSERT_TRUE(default_plan(narrow).worth_threads);
    EXPECT_GE(default_plan(narrow, Precision::kBfloat16).shards, 2U);
  }
  const EntryCounts entries{
      .in_column = std::vector<std::size_t>(784, 1), .rows = 1, .of_batch = 128 * 784};
  EXPECT_EQ(
      plan_step(kWide.topology(), kWide.batch, {}, TileCut::kAny, &entries, Precision::kBfloat16)
          .shards,
      2U);
}

/// No tile is so large that the others wait for it.
TEST(EnginePlan, TilesShareTheWorkOfLargeMiniBatches) {
  for (const Workload& workload : {kWide, kDeep, kCiresan}) {
    const std::size_t tasks = workload.batch == kWide.batch ? 8 : 15;
    const Topology topology = workload.topology();
    for (const Tile& tile : default_plan(workload).tiles)
      EXPECT_LE(tile.neurons.count * tile.inputs.count * tasks, topology.parameters())
          << workload.name << ", layer " << tile.layer;
  }
}

TEST(EnginePlan, BlocksCoverEveryWidthInOrder) {
  for (const Workload& workload : kAll) {
    const StepPlan plan = default_plan(workload);
    ASSERT_EQ(plan.blocks.size(), workload.widths.size());
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
      std::size_t next = 0;
      for (const UnitRange& block : plan.blocks[i]) {
        ASSERT_EQ(block.first, next);
        ASSERT_GT(block.count, 0U);
        ASSERT_EQ(block.first % 16, 0U) << "two tasks would write to one cache line";
        next = block.first + block.count;
      }
      EXPECT_EQ(next, workload.widths[i]) << workload.name;
    }
  }
}

TEST(EnginePlan, ReductionFollowsFromTheBytesMoved) {
  // Large layers: two nablas per shard are far more than all activations.
  for (const Workload& workload : {kWide, kDeep, kCiresan})
    EXPECT_EQ(default_plan(workload).reduction, Reduction::kTiled) << workload.name;
  // 60,000 rows through 24,000 parameters: the tiles would read all the activations.
  EXPECT_EQ(default_plan(kFullBatch).reduction, Reduction::kPerShard);
  // One shard has nothing to reduce.
  EXPECT_EQ(default_plan(kNielsen).reduction, Reduction::kTiled);
}

bool operator==(const UnitRange& a, const UnitRange& b) {
  return a.first == b.first && a.count == b.count;
}
bool operator==(const Tile& a, const Tile& b) {
  return a.layer == b.layer && a.neurons == b.neurons && a.inputs == b.inputs;
}

TEST(EnginePlan, DoesNotDependOnThreads) {
  for (const Workload& workload : kAll) {
    const StepPlan one = plan_step(workload.topology(), workload.batch, {.threads = 1});
    for (const std::size_t threads : {0UL, 2UL, 3UL, 64UL}) {
      const StepPlan plan = plan_step(workload.topology(), workload.batch, {.threads = threads});
      EXPECT_EQ(plan.worth_threads, one.worth_threads);
      EXPECT_EQ(plan.shards, one.shards);
      EXPECT_EQ(plan.row_blocks, one.row_blocks);
      EXPECT_TRUE(std::ranges::equal(plan.blocks, one.blocks, [](auto& a, auto& b) {
        return std::ranges::equal(a, b, [](auto& x, auto& y) { return x == y; });
      }));
      EXPECT_EQ(plan.reduction, one.reduction);
      EXPECT_TRUE(
          std::ranges::equal(plan.tiles, one.tiles, [](auto& a, auto& b) { return a == b; }));
    }
  }
}

TEST(EnginePlan, TakesWhatIsAskedFor) {
  for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled}) {
    const StepPlan plan =
        plan_step(kNielsen.topology(), 10, {.threads = 0, .shards = 3, .reduction = reduction});
    EXPECT_EQ(plan.batch_size, 10U);
    EXPECT_EQ(plan.shards, 3U);
    EXPECT_EQ(plan.reduction, reduction);
  }
  EXPECT_EQ(plan_step(kNielsen.topology(), 10, {.shards = 11}).shards, 10U) << "a row each";
  EXPECT_EQ(plan_step(kWide.topology(), 1, {}).shards, 1U);
}

/// 1 for each weight and bias in the flat array, 0 for the padding.
std::vector<int> parameter_marks(const Topology& topology) {
  std::vector<int> marks(topology.storage());
  for (const Layer& layer : topology.layers()) {
    for (std::size_t r = 0; r < layer.outputs; ++r)
      for (std::size_t c = 0; c < layer.inputs; ++c)
        ++marks[layer.weight_offset + r * layer.weight_stride + c];
    for (std::size_t j = 0; j < layer.outputs; ++j) ++marks[layer.bias_offset + j];
  }
  return marks;
}

TEST(EnginePlan, TilesCoverEveryParameterOnce) {
  for (const Workload& workload : kAll) {
    const Topology topology = workload.topology();
    std::vector<int> marks(topology.storage());
    for (const auto& [i, neurons, inputs] : default_plan(workload).tiles) {
      const Layer& layer = topology.layers()[i];
      ASSERT_GT(neurons.count * inputs.count, 0U);
      ASSERT_LE(neurons.first + neurons.count, layer.outputs);
      ASSERT_LE(inputs.first + inputs.count, layer.inputs);
      for (std::size_t r = neurons.first; r < neurons.first + neurons.count; ++r) {
        for (std::size_t c = inputs.first; c < inputs.first + inputs.count; ++c)
          ++marks[layer.weight_offset + r * layer.weight_stride + c];
        if (inputs.first == 0) ++marks[layer.bias_offset + r];
      }
    }
    EXPECT_EQ(marks, parameter_marks(topology)) << workload.name;
  }
}

TEST(EnginePlan, TilesOfWholeNeuronsHaveAllTheirInputs) {
  for (const Workload& workload : kAll) {
    const Topology topology = workload.topology();
    std::vector<std::size_t> neurons(topology.layers().size());
    for (const Tile& tile : plan_step(topology, workload.batch, {}, TileCut::kWholeNeurons).tiles) {
      EXPECT_EQ(tile.inputs.first, 0U);
      EXPECT_EQ(tile.inputs.count, topology.layers()[tile.layer].inputs) << workload.name;
      EXPECT_EQ(tile.neurons.first, neurons[tile.layer]);
      neurons[tile.layer] += tile.neurons.count;
    }
    for (std::size_t i = 0; i < neurons.size(); ++i)
      EXPECT_EQ(neurons[i], topology.layers()[i].outputs) << workload.name;
  }
}

TEST(EnginePlan, ShardsCoverAllRowsInOrder) {
  for (const std::size_t rows : {1UL, 2UL, 7UL, 10UL, 127UL, 128UL})
    for (const std::size_t shards : {1UL, 2UL, 3UL, 7UL, 16UL, 130UL}) {
      std::size_t next = 0, smallest = rows, largest = 0;
      for (std::size_t s = 0; s < shards; ++s) {
        const RowRange range = divide_rows({0, rows}, shards, s);
        ASSERT_EQ(range.first, next);
        next = range.first + range.count;
        smallest = std::min(smallest, range.count);
        largest = std::max(largest, range.count);
      }
      EXPECT_EQ(next, rows);
      EXPECT_LE(largest - smallest, 1U) << rows << " rows, " << shards << " shards";
    }
}

}  // namespace
}  // namespace nabla
