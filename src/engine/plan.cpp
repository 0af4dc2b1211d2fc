// SPDX-License-Identifier: MIT
#include "engine/plan.h"

#include <algorithm>
#include <utility>

namespace nabla {

namespace {

/// A mini-batch with less work than this is not split: the time saved would be less than that of
/// moving the parameters between the caches of two cores at every step.
constexpr double kMinSplitFlops = 16e6;
/// Rows below which a matrix product spends more on packing the weights than on multiplying.
constexpr std::size_t kMinShardRows = 16;
/// Rows from which a product gains nothing from more of them, while their activations leave the
/// cache of one core.
constexpr std::size_t kMaxShardRows = 256;
/// Tasks offered in each phase where the mini-batch is large enough: work for bigger machines.
constexpr std::size_t kTasks = 16;
/// Neurons of a tile below which its product spends more on packing activations.
constexpr std::size_t kMinTileNeurons = 64;
/// Parameters of a range: a few times 4 KB per shard, so that sums stay in the nearest caches.
constexpr std::size_t kRangeElements = 8192;

std::size_t divide_up(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

bool worth_splitting(const Topology& topology, std::size_t batch_size) {
  return flops_per_sample(topology) * static_cast<double>(batch_size) >= kMinSplitFlops;
}

std::size_t choose_shards(const Topology& topology, std::size_t batch_size) {
  if (!worth_splitting(topology, batch_size) || batch_size < 2 * kMinShardRows) return 1;
  std::size_t rows = divide_up(divide_up(batch_size, kTasks), kMinShardRows) * kMinShardRows;
  rows = std::clamp(rows, kMinShardRows, kMaxShardRows);
  return divide_up(batch_size, rows);
}

std::vector<Tile> plan_tiles(const Topology& topology, std::size_t batch_size) {
  const bool split = worth_splitting(topology, batch_size);
  const std::size_t work_per_tile = divide_up(topology.parameters(), 2 * kTasks);
  std::vector<Tile> tiles;
  const auto layers = topology.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::size_t neurons = layers[i].outputs;
    if (split) {
      neurons = std::max(divide_up(work_per_tile, layers[i].inputs), kMinTileNeurons);
      neurons = divide_up(layers[i].outputs, divide_up(layers[i].outputs, neurons));
    }
    for (std::size_t first = 0; first < layers[i].outputs; first += neurons)
      tiles.push_back({i, {first, std::min(neurons, layers[i].outputs - first)}});
  }
  return tiles;
}

std::vector<ParameterRange> plan_ranges(const Topology& topology) {
  std::vector<ParameterRange> ranges;
  const auto cut = [&](std::size_t first, std::size_t last, bool weights) {
    for (; first < last; first += kRangeElements)
      ranges.push_back({first, std::min(first + kRangeElements, last), weights});
  };
  for (const Layer& layer : topology.layers()) {
    cut(layer.weight_offset, layer.bias_offset, true);
    cut(layer.bias_offset, layer.bias_offset + layer.outputs, false);
  }
  return ranges;
}

/// The one that moves fewer numbers between memory and cores in a step: each shard's own nabla is
/// written once and read once, while a tile reads the activations and deltas of all rows.
Reduction choose_reduction(const Topology& topology, const StepPlan& plan,
                           const std::vector<Tile>& tiles) {
  const std::size_t per_shard = 2 * plan.shards * topology.storage();
  std::size_t tiled = 0;
  for (const Tile& tile : tiles)
    tiled += plan.batch_size * (topology.layers()[tile.layer].inputs + tile.neurons.count);
  return plan.shards > 1 && per_shard < tiled ? Reduction::kPerShard : Reduction::kTiled;
}

}  // namespace

double flops_per_sample(const Topology& topology) {
  double flops = 0;
  for (const Layer& layer : topology.layers())
    flops += (flops == 0 ? 4.0 : 6.0) * static_cast<double>(layer.inputs * layer.outputs);
  return flops;
}

StepPlan plan_step(const Topology& topology, std::size_t batch_size,
                   const ParallelOptions& requested) {
  StepPlan plan{.batch_size = batch_size,
                .worth_threads = worth_splitting(topology, batch_size),
                .shards = requested.shards,
                .reduction = requested.reduction,
                .tiles = plan_tiles(topology, batch_size),
                .ranges = plan_ranges(topology)};
  if (plan.shards == 0) plan.shards = choose_shards(topology, batch_size);
  plan.shards = std::min(plan.shards, batch_size);
  if (plan.reduction == Reduction::kAuto)
    plan.reduction = choose_reduction(topology, plan, plan.tiles);
  return plan;
}

RowRange shard_rows(std::size_t rows, std::size_t shards, std::size_t index) {
  const std::size_t small = rows / shards;
  const std::size_t larger = rows % shards;
  return {index * small + std::min(index, larger), small + (index < larger ? 1 : 0)};
}

}  // namespace nabla
