// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/engine/parallel_options.h"
#include "nabla/model/network.h"
#include "nabla/model/topology.h"

#include "base/row_range.h"
#include "data/entry_counts.h"
#include "model/units.h"

namespace nabla {

/// How a mini-batch is divided: integers that follow from batch size, topology and options alone,
/// never from the machine or its threads, because they decide the last bits of every sum.
struct StepPlan {
  std::size_t batch_size;
  /// Whether a mini-batch is work enough for more than one thread. Below that one thread does all
  /// shards and tiles by itself; the bits are the same.
  bool worth_threads;
  std::size_t shards;  ///< of a mini-batch
  /// Blocks of rows of a shard that are tasks of their own if rows do not depend on each other:
  /// gather and cost.
  std::size_t row_blocks;
  /// For each level, inputs to outputs: the blocks of its units that are tasks of their own within
  /// a shard.
  std::vector<std::vector<UnitRange>> blocks;
  Reduction reduction;      ///< never kAuto
  std::vector<Tile> tiles;  ///< each is reduced and stepped by one task
  /// Entries of a mini-batch of sparse rows at most, which the step is for if there are any; else
  /// 0.
  std::size_t entries = 0;
  /// Inputs of such rows whose weights meet a mini-batch before the next ones do; 0: all.
  std::size_t input_block = 0;

  /// Rows of a shard of a mini-batch of so many rows; a ragged one may leave the last shards none.
  RowRange shard_rows(std::size_t batch_rows, std::size_t shard) const;
  /// The shards, from the first on, that have rows in a mini-batch of so many rows.
  std::size_t shards_of(std::size_t batch_rows) const;
  /// Shard s uses the slots first_slot(s) … first_slot(s + 1) − 1 of the phase clock.
  std::size_t first_slot(std::size_t shard) const;
};

/// Whether a tile may have only some of its neurons' inputs.
enum class TileCut { kAny, kWholeNeurons };

/// Floating-point operations of one sample: 4·inputs·outputs for the first layer (forward, nabla),
/// 6·inputs·outputs for the others (forward, nabla, delta).
/// With entries, the first layer's are counted in place of its inputs, each as dear as the entry
/// of a sparse row is.
double flops_per_sample(const Topology& topology, const EntryCounts* entries = nullptr);

/// The rows of the smallest mini-batch that is work enough for more than one thread
/// (StepPlan::worth_threads).
std::size_t smallest_split_batch(const Topology& topology, const EntryCounts* entries = nullptr);

/// `requested` shards and reduction, or the choice for batch, network and the model's precision.
/// batch_size ≥ 1. With entries, for sparse rows: a tile of the first layer has all neurons and
/// those inputs whose entries are its share of all.
StepPlan plan_step(const Topology& topology, std::size_t batch_size,
                   const ParallelOptions& requested, TileCut cut = TileCut::kAny,
                   const EntryCounts* entries = nullptr, Precision precision = Precision::kFloat32);

/// Part `index` of `parts` of some rows: sizes differ by at most one row, the larger ones first.
/// Empty if there are more parts than rows.
RowRange divide_rows(RowRange rows, std::size_t parts, std::size_t index);

}  // namespace nabla
