// SPDX-License-Identifier: MIT
#include "engine/reducer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "base/random.h"
#include "engine/plan.h"
#include "engine/step.h"
#include "support/models.h"

namespace nabla {
namespace {

/// A nabla with values of many magnitudes, so that another order of adding shows in the last bits.
Network<float> random_nabla(const Topology& topology, std::uint32_t shard) {
  Network<float> nabla(topology);
  Random random(5, shard);
  const auto fill = [&](std::span<float> values) {
    for (float& x : values)
      x = static_cast<float>(random.uniform(-1.0, 1.0) * (1 << random.below(20)));
  };
  for (std::size_t i = 0; i < nabla.layers(); ++i) {
    for (std::size_t r = 0; r < nabla.weight(i).rows; ++r) fill(nabla.weight(i).row(r));
    fill(nabla.bias(i));
  }
  return nabla;
}

/// The sum of one element over shards first to last − 1, as the definition says it.
float naive_sum(const std::vector<Network<float>>& shards, std::size_t element, std::size_t first,
                std::size_t last) {
  if (last - first == 1) return shards[first].parameters()[element];
  std::size_t half = 1;
  while (2 * half < last - first) half *= 2;
  return naive_sum(shards, element, first, first + half) +
         naive_sum(shards, element, first + half, last);
}

TEST(Reducer, AddsShardsPairwiseAndHandsOnEachTile) {
  using enum Activation;
  const Topology topology({40, 50, 3}, {kTanh, kSoftmax});
  // A mini-batch that is worth splitting, so that there are several tiles of a layer.
  const StepPlan plan = plan_step(topology, 2000, {});
  ASSERT_GT(plan.tiles.size(), topology.layers().size());
  const auto executor = make_executor(2);
  PhaseClock clock(plan.tiles.size(), executor->threads());
  const auto reducer = make_local_reducer<float>(plan.tiles);
  ASSERT_EQ(reducer->tiles().size(), plan.tiles.size());
  for (const std::size_t count : {1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL, 11UL, 16UL, 21UL}) {
    SCOPED_TRACE(count);
    std::vector<Network<float>> shards;
    for (std::uint32_t s = 0; s < count; ++s) shards.push_back(random_nabla(topology, s));
    const std::vector<Network<float>> before = shards;
    std::vector<Network<float>> sums(plan.tiles.size(), Network<float>(topology));
    std::vector<std::size_t> layers;
    reducer->begin(count, shards);
    const auto take = [&](std::size_t t) {
      const auto from = reducer->sum_of(t), to = part_of(sums[t], plan.tiles[t]);
      for (std::size_t r = 0; r < from.w.rows; ++r)
        std::ranges::copy(from.w.row(r), to.w.row(r).begin());
      std::ranges::copy(from.b, to.b.begin());
    };
    reducer->sum({*executor, clock}, take, [&](std::size_t layer) { layers.push_back(layer); });
    EXPECT_EQ(layers, (std::vector<std::size_t>{1, 0}));
    // Each element is in one tile, and all others hold 0 for it.
    for (std::size_t p = 0; p < topology.storage(); ++p) {
      float sum = 0;
      for (const Network<float>& tile : sums) sum += tile.parameters()[p];
      ASSERT_EQ(sum, naive_sum(before, p, 0, count));
    }
  }
}

/// Parameters after one step on the first `rows` of 17 rows, each row a shard of its own.
std::vector<double> stepped_by_rows(std::size_t batch_size, std::size_t rows) {
  using namespace testing_support;
  using enum Activation;
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

TEST(Reducer, LeavesOutShardsWithoutRows) {
  EXPECT_EQ(stepped_by_rows(10, 10), stepped_by_rows(17, 10));
  EXPECT_NE(stepped_by_rows(10, 10), stepped_by_rows(10, 9));
}

}  // namespace
}  // namespace nabla
