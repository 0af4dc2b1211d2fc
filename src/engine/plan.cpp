// SPDX-License-Identifier: MIT
#include "engine/plan.h"

#include <algorithm>
#include <utility>

#include "model/padding.h"

namespace nabla {

namespace {

/// A mini-batch with less work than this is not split: the time saved would be less than that of
/// moving the parameters between the caches of two cores at every step.
constexpr double kMinSplitFlops = 16e6;
/// Work of a task below which a large mini-batch gains nothing from more of them on few cores.
constexpr double kTaskFlops = 50e6;
/// Tasks that even a small mini-batch is cut into once it is split at all.
constexpr std::size_t kMinTasks = 4;
/// Tasks offered side by side if the mini-batch is large enough: work for bigger machines.
constexpr std::size_t kTasks = 16;
/// Rows of a shard below which its products lose too much: the weights are read for too few rows.
constexpr std::size_t kMinShardRows = 16;
/// Rows of a shard from which its products gain nothing from more of them, while its activations
/// leave the cache of one core.
constexpr std::size_t kMaxShardRows = 512;
/// Neurons of a block below which its product loses too much. A product loses far less by fewer
/// neurons than by fewer rows, so few shards are cut into blocks rather than the mini-batch into
/// many shards.
constexpr std::size_t kMinBlockNeurons = 48;

std::size_t divide_up(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

/// Work on an entry of a sparse row in work on an input of a dense one, whose weights are read in
/// order and for many rows at once.
constexpr double kEntryWork = 4;

bool worth_splitting(double flops) { return flops >= kMinSplitFlops; }

/// The block count of a layer with this many neurons if `shards` shards are computed side by
/// side.
std::size_t choose_blocks(std::size_t neurons, std::size_t shards) {
  return std::clamp(neurons / kMinBlockNeurons, std::size_t{1}, divide_up(kTasks, shards));
}

/// At least two shards if the mini-batch is worth splitting, and as many more as it takes,
/// together with the blocks of the widest hidden layer, to offer enough tasks. Only one in bfloat16
/// if the blocks of every hidden layer are enough: the products are so fast that packing their
/// weights for each shard takes longer than waiting for the blocks of a layer.
std::size_t choose_shards(const Topology& topology, std::size_t batch_size, double flops,
                          bool is_fast) {
  if (!worth_splitting(flops) || batch_size < 2 * kMinShardRows) return 1;
  const auto small = std::min(kMinTasks, static_cast<std::size_t>(flops / kMinSplitFlops));
  const auto tasks = std::clamp(static_cast<std::size_t>(flops / kTaskFlops), small, kTasks);
  std::size_t widest = 1, narrowest = topology.layers().front().outputs;
  for (const Layer& layer : topology.layers().first(topology.layers().size() - 1)) {
    widest = std::max(widest, layer.outputs);
    narrowest = std::min(narrowest, layer.outputs);
  }
  const bool are_enough = choose_blocks(narrowest, 1) >= std::max(tasks, kMinTasks);
  std::size_t shards = is_fast && are_enough ? 1 : 2;
  while (shards * choose_blocks(widest, shards) < tasks && batch_size >= 2 * shards * kMinShardRows)
    shards *= 2;
  return std::max(shards, divide_up(batch_size, kMaxShardRows));
}

std::vector<UnitRange> cut_blocks(std::size_t neurons, std::size_t count) {
  // Whole cache lines, so that no two tasks write to the same one.
  const std::size_t size = round_to_lines(divide_up(neurons, count));
  std::vector<UnitRange> blocks;
  for (std::size_t first = 0; first < neurons; first += size)
    blocks.push_back({first, std::min(size, neurons - first)});
  return blocks;
}

std::vector<std::vector<UnitRange>> plan_blocks(const Topology& topology, std::size_t shards,
                                                bool split) {
  std::vector<std::vector<UnitRange>> blocks;
  for (const std::size_t width : topology.widths())
    blocks.push_back(cut_blocks(width, split ? choose_blocks(width, shards) : 1));
  return blocks;
}

/// Ranges of the inputs with about equal work in a mini-batch: an entry is 1, and so is the reading
/// and writing of the weights of an input that has entries; those of all inputs if they all move.
std::vector<UnitRange> cut_by_entries(const EntryCounts& entries, std::size_t batch_size,
                                      std::size_t count) {
  constexpr double kMove = 4;
  const auto work_of = [&](std::size_t j) {
    const double in_batch = static_cast<double>(entries.in_column[j]) *
                            static_cast<double>(batch_size) / static_cast<double>(entries.rows);
    return in_batch + (entries.all_move ? kMove : std::min(in_batch, 1.0));
  };
  const std::size_t inputs = entries.in_column.size();
  double total = 0;
  for (std::size_t j = 0; j < inputs; ++j) total += work_of(j);
  std::vector<UnitRange> ranges;
  double sum = 0;
  std::size_t first = 0;
  for (std::size_t j = 0; j < inputs; ++j) {
    sum += work_of(j);
    const double share =
        total * static_cast<double>(ranges.size() + 1) / static_cast<double>(count);
    if (j + 1 < inputs && (sum < share || ranges.size() + 1 == count)) continue;
    ranges.push_back({first, j + 1 - first});
    first = j + 1;
  }
  return ranges;
}

/// Tiles of about equal work: each layer's longer side is halved until its part of the nabla is no
/// more than its share of kTasks tasks.
std::vector<Tile> plan_tiles(const Topology& topology, std::size_t batch_size, TileCut cut,
                             bool split, const EntryCounts* entries) {
  std::vector<Tile> tiles;
  const auto layers = topology.layers();
  std::size_t parameters = topology.parameters();
  if (entries != nullptr) parameters -= layers[0].inputs * layers[0].outputs;
  const std::size_t share = split ? divide_up(parameters, kTasks) : parameters;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (i == 0 && entries != nullptr) {
      const UnitRange all_neurons{0, layers[i].outputs}, all_inputs{0, layers[i].inputs};
      if (cut == TileCut::kWholeNeurons)
        for (const UnitRange neurons : cut_blocks(layers[i].outputs, split ? kTasks : 1))
          tiles.push_back({i, neurons, all_inputs});
      else
        for (const UnitRange inputs : cut_by_entries(*entries, batch_size, split ? kTasks : 1))
          tiles.push_back({i, all_neurons, inputs});
      continue;
    }
    std::size_t across = 1, down = 1;
    const auto width = [&] { return divide_up(layers[i].inputs, across); };
    const auto height = [&] { return divide_up(layers[i].outputs, down); };
    const auto cut_inputs = [&] { return cut == TileCut::kAny && width() > height(); };
    while (width() * height() > share && (height() > 1 || cut_inputs()))
      (cut_inputs() ? across : down) *= 2;
    for (const UnitRange neurons : cut_blocks(layers[i].outputs, down))
      for (const UnitRange inputs : cut_blocks(layers[i].inputs, across))
        tiles.push_back({i, neurons, inputs});
  }
  return tiles;
}

/// Tiles of a few whole neurons, all of whose inputs lie one behind another: small enough to be
/// dealt to many ranks, whose number they do not depend on. Those of sparse rows stay as they are.
std::vector<Tile> plan_pieces(const Topology& topology, std::vector<Tile> tiles, bool sparse) {
  std::erase_if(tiles, [&](const Tile& tile) { return !sparse || tile.layer > 0; });
  const auto layers = topology.layers();
  for (std::size_t i = sparse ? 1 : 0; i < layers.size(); ++i)
    for (std::size_t first = 0; first < layers[i].outputs; first += kLine)
      tiles.push_back(
          {i, {first, std::min(kLine, layers[i].outputs - first)}, {0, layers[i].inputs}});
  return tiles;
}

/// The one that moves fewer numbers between caches and cores in a step. Both read activations and
/// deltas, once for each task that needs them; per-shard writes and reads a nabla for each shard.
Reduction choose_reduction(const Topology& topology, const StepPlan& plan) {
  if (plan.shards == 1) return Reduction::kTiled;
  const auto layers = topology.layers();
  std::size_t tiled = 0;
  for (const Tile& tile : plan.tiles)
    tiled += plan.batch_size * (tile.inputs.count + tile.neurons.count);
  std::size_t per_shard = 2 * plan.shards * topology.parameters();
  for (std::size_t i = 0; i < layers.size(); ++i)
    for (const UnitRange& neurons : plan.blocks[i + 1])
      per_shard += plan.batch_size * (layers[i].inputs + neurons.count);
  return per_shard < tiled ? Reduction::kPerShard : Reduction::kTiled;
}

/// As many inputs as have their weights in the nearest cache, but enough for a few entries of a
/// row: each block of a row ends with a branch that no processor foresees. None if that would be
/// more weights than stay in the next cache either.
std::size_t choose_input_block(const Topology& topology, const EntryCounts& entries) {
  constexpr std::size_t kNearElements = 6144, kFarElements = 65536, kEntries = 8;
  const std::size_t stride = padded_stride(topology.layers().front().outputs);
  const auto for_entries = static_cast<std::size_t>(
      static_cast<double>(kEntries * topology.inputs()) / std::max(entries.per_row(), 1.0));
  const std::size_t block = std::max(kNearElements / stride, for_entries);
  const bool are_near = topology.inputs() * stride <= kFarElements;
  return are_near || block * stride > kFarElements ? 0 : block;
}

}  // namespace

double flops_per_sample(const Topology& topology, const EntryCounts* entries) {
  const auto layers = topology.layers();
  const double inputs = entries != nullptr ? kEntryWork * std::max(entries->per_row(), 1.0)
                                           : static_cast<double>(topology.inputs());
  double flops = 4.0 * inputs * static_cast<double>(layers.front().outputs);
  for (const Layer& layer : layers.subspan(1))
    flops += 6.0 * static_cast<double>(layer.inputs * layer.outputs);
  return flops;
}

std::size_t smallest_split_batch(const Topology& topology, const EntryCounts* entries) {
  const double flops = flops_per_sample(topology, entries);
  auto rows = static_cast<std::size_t>(kMinSplitFlops / flops);
  while (!worth_splitting(flops * static_cast<double>(rows))) ++rows;
  return rows;
}

StepPlan plan_step(const Topology& topology, std::size_t batch_size,
                   const ParallelOptions& requested, TileCut cut, const EntryCounts* entries,
                   Precision precision) {
  const double flops = flops_per_sample(topology, entries) * static_cast<double>(batch_size);
  const bool split = worth_splitting(flops);
  StepPlan plan{.batch_size = batch_size,
                .worth_threads = split,
                .shards = requested.shards,
                .row_blocks = 1,
                .blocks = {},
                .reduction = requested.reduction,
                .tiles = plan_tiles(topology, batch_size, cut, split, entries),
                .entries = entries == nullptr ? 0 : entries->of_batch,
                .input_block = entries == nullptr ? 0 : choose_input_block(topology, *entries)};
  if (plan.shards == 0) {
    const bool is_fast = precision == Precision::kBfloat16 && entries == nullptr;
    plan.shards = choose_shards(topology, batch_size, flops, is_fast);
  }
  plan.shards = std::min(plan.shards, batch_size);
  plan.row_blocks = plan.worth_threads ? divide_up(kTasks, plan.shards) : 1;
  plan.blocks = plan_blocks(topology, plan.shards, split);
  if (plan.reduction == Reduction::kAuto)
    plan.reduction = entries != nullptr ? Reduction::kTiled : choose_reduction(topology, plan);
  if (plan.reduction == Reduction::kPerShard)
    plan.tiles = plan_pieces(topology, std::move(plan.tiles), entries != nullptr);
  return plan;
}

RowRange StepPlan::shard_rows(std::size_t batch_rows, std::size_t shard) const {
  return divide_rows({0, batch_rows}, shards, shard);
}

std::size_t StepPlan::shards_of(std::size_t batch_rows) const {
  return std::min(shards, batch_rows);
}

std::size_t StepPlan::first_slot(std::size_t shard) const {
  std::size_t slots = row_blocks;
  for (const auto& level : blocks) slots = std::max(slots, level.size());
  return shard * slots;
}

RowRange divide_rows(RowRange rows, std::size_t parts, std::size_t index) {
  const std::size_t small = rows.count / parts;
  const std::size_t larger = rows.count % parts;
  return {rows.first + index * small + std::min(index, larger), small + (index < larger ? 1 : 0)};
}

}  // namespace nabla
