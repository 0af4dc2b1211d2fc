// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "engine/phase_clock.h"
#include "engine/shard_rows.h"
#include "model/batch_norm.h"
#include "model/dropout.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// The data rows of a mini-batch, the epoch, from 0, that visits them, and the part of this
/// process.
struct MiniBatch {
  std::span<const std::uint32_t> rows;
  std::size_t epoch = 0;
  RowRange shards;                           ///< those that this process takes through the pass
  std::size_t first_row = 0;                 ///< of the mini-batch, is the workspace's row 0
  std::span<const std::uint32_t> next = {};  ///< the rows that come then, as far as known
};

/// Everything that the stages of a pass work on.
template <class P>
struct PassData {
  const Network<ParameterOf<P>>& network;
  Workspace<P>& workspace;
  MiniBatch batch;                   ///< only gather reads it
  std::span<const RowRange> shards;  ///< of all processes: their rows; none is empty
};

/// The part of a stage that one task works on.
struct Block {
  std::size_t shard;
  RowRange rows;  ///< of the workspace
  UnitRange neurons;
};

/// How the work of a stage is cut into tasks.
enum class StageCut {
  kRows,     ///< blocks of a shard's rows
  kNeurons,  ///< blocks of the units of level Stage::level, each with all rows of a shard
  kNone,     ///< done once for all shards, by the thread that runs the pass: after all have come
             ///< here and before any goes on
};

/// One step of the way that a mini-batch goes through the network.
template <class P>
struct Stage {
  Phase phase;
  StageCut cut;
  std::size_t level;  ///< of kNeurons: a^level is cut, 0 being the inputs
  std::function<void(const PassData<P>&, const Block&)> work;
};

/// Further stages of a layer.
template <class P>
using LayerStages = std::function<std::vector<Stage<P>>(std::size_t layer)>;

template <class P>
std::vector<Stage<P>> no_stages(std::size_t) {
  return {};
}

/// The layers of a network from the inputs a⁰ to the weighted inputs of the last layer (see
/// feedforward_layer), each after its stages `before`. Dropout, batch normalisation and the rows of
/// shards are referred to; `dropout` may be null, and the others if the network has no batch
/// normalisation.
template <class P>
std::vector<Stage<P>> feedforward_stages(const Topology& topology, const Dropout* dropout = nullptr,
                                         BatchNorm<P>* batch_norm = nullptr,
                                         const ShardRows* shard_rows = nullptr,
                                         const LayerStages<P>& before = no_stages<P>);

/// The layers from the last one's δ, which the stages `then` of its layer follow as soon as it is
/// known, down to the first one's. `batch_norm` as above.
template <class P>
std::vector<Stage<P>> backprop_stages(const Topology& topology, BatchNorm<P>* batch_norm = nullptr,
                                      const ShardRows* shard_rows = nullptr,
                                      const LayerStages<P>& then = no_stages<P>);

/// Goes through the stages for some rows, which are one shard of their own, on the calling thread.
template <class P>
void run_stages(std::span<const Stage<P>> stages, const Network<ParameterOf<P>>& network,
                Workspace<P>& workspace, RowRange rows);

}  // namespace nabla
