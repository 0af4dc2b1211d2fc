// SPDX-License-Identifier: MIT
#include "engine/stages.h"

#include <algorithm>
#include <iterator>

#include "model/backprop.h"
#include "model/feedforward.h"

namespace nabla {

namespace {

template <class P, class Work>
Stage<P> in_blocks(Phase phase, std::size_t level, Work work) {
  return {phase, StageCut::kNeurons, level, work};
}

template <class P, class Work>
Stage<P> at_once(Phase phase, Work work) {
  return {phase, StageCut::kNone, 0, work};
}

}  // namespace

template <class P>
std::vector<Stage<P>> feedforward_stages(const Topology& topology, const Dropout* dropout,
                                         BatchNorm<P>* batch_norm, const ShardRows* shard_rows,
                                         const LayerStages<P>& before) {
  using Data = PassData<P>;
  constexpr Phase kPhase = Phase::kFeedforward;
  // Units are dropped, and their images made, by the task that has just computed them. The outputs
  // are no operands.
  const std::size_t layers = topology.layers().size();
  const auto finish = [=](const Data& data, std::size_t level, const Block& block) {
    if (dropout != nullptr) dropout->apply(data.workspace, level, block.rows, block.neurons);
    if (level < layers) data.workspace.round_activation(level, block.rows, block.neurons);
  };
  std::vector<Stage<P>> stages;
  for (std::size_t i = 0; i < topology.layers().size(); ++i) {
    std::ranges::move(before(i), std::back_inserter(stages));
    if (!topology.layers()[i].batch_norm) {
      stages.push_back(
          in_blocks<P>(kPhase, i + 1, [i, finish](const Data& data, const Block& block) {
            feedforward_layer(data.network, data.workspace, i, block.rows, block.neurons);
            finish(data, i + 1, block);
          }));
      continue;
    }
    stages.push_back(in_blocks<P>(kPhase, i + 1, [=](const Data& data, const Block& block) {
      batch_norm->feed(data.network, data.workspace, i, block.shard, block.rows, block.neurons);
    }));
    stages.push_back(at_once<P>(kPhase, [=](const Data& data, const Block&) {
      for (Matrix<SumOf<P>>* moments : batch_norm->shard_moments(i))
        shard_rows->gather(*moments, data.shards.size());
      batch_norm->combine_moments(i, data.shards);
    }));
    stages.push_back(in_blocks<P>(kPhase, i + 1, [=](const Data& data, const Block& block) {
      batch_norm->normalize(data.network, data.workspace, i, block.rows, block.neurons);
      finish(data, i + 1, block);
    }));
  }
  return stages;
}

template <class P>
std::vector<Stage<P>> backprop_stages(const Topology& topology, BatchNorm<P>* batch_norm,
                                      const ShardRows* shard_rows, const LayerStages<P>& then) {
  using Data = PassData<P>;
  constexpr Phase kPhase = Phase::kBackprop;
  std::vector<Stage<P>> stages = then(topology.layers().size() - 1);
  for (std::size_t i = topology.layers().size() - 1; i > 0; --i) {
    if (!topology.layers()[i - 1].batch_norm) {
      stages.push_back(in_blocks<P>(kPhase, i, [i](const Data& data, const Block& block) {
        backprop_layer(data.network, data.workspace, i, block.rows, block.neurons);
        data.workspace.round_delta(i - 1, block.rows, block.neurons);
      }));
      std::ranges::move(then(i - 1), std::back_inserter(stages));
      continue;
    }
    stages.push_back(in_blocks<P>(kPhase, i, [=](const Data& data, const Block& block) {
      backprop_layer(data.network, data.workspace, i, block.rows, block.neurons);
      batch_norm->take_sums(data.workspace, i - 1, block.shard, block.rows, block.neurons);
    }));
    stages.push_back(at_once<P>(kPhase, [=](const Data& data, const Block&) {
      for (Matrix<SumOf<P>>* sums : batch_norm->shard_sums(i - 1))
        shard_rows->gather(*sums, data.shards.size());
      batch_norm->combine_sums(data.network, i - 1, data.shards.size());
    }));
    stages.push_back(in_blocks<P>(kPhase, i, [=](const Data& data, const Block& block) {
      batch_norm->backprop(data.workspace, i - 1, block.rows, block.neurons);
      data.workspace.round_delta(i - 1, block.rows, block.neurons);
    }));
    std::ranges::move(then(i - 1), std::back_inserter(stages));
  }
  return stages;
}

template <class P>
void run_stages(std::span<const Stage<P>> stages, const Network<ParameterOf<P>>& network,
                Workspace<P>& workspace, RowRange rows) {
  const PassData<P> data{network, workspace, {}, {&rows, 1}};
  for (const Stage<P>& stage : stages)
    stage.work(data, {0, rows, {0, workspace.activation(stage.level, rows).cols}});
}

template std::vector<Stage<Float32>> feedforward_stages(const Topology&, const Dropout*,
                                                        BatchNorm<Float32>*, const ShardRows*,
                                                        const LayerStages<Float32>&);
template std::vector<Stage<Bfloat16>> feedforward_stages(const Topology&, const Dropout*,
                                                         BatchNorm<Bfloat16>*, const ShardRows*,
                                                         const LayerStages<Bfloat16>&);
template std::vector<Stage<Float64>> feedforward_stages(const Topology&, const Dropout*,
                                                        BatchNorm<Float64>*, const ShardRows*,
                                                        const LayerStages<Float64>&);
template std::vector<Stage<Float32>> backprop_stages(const Topology&, BatchNorm<Float32>*,
                                                     const ShardRows*, const LayerStages<Float32>&);
template std::vector<Stage<Bfloat16>> backprop_stages(const Topology&, BatchNorm<Bfloat16>*,
                                                      const ShardRows*,
                                                      const LayerStages<Bfloat16>&);
template std::vector<Stage<Float64>> backprop_stages(const Topology&, BatchNorm<Float64>*,
                                                     const ShardRows*, const LayerStages<Float64>&);
template void run_stages(std::span<const Stage<Float32>>, const Network<float>&,
                         Workspace<Float32>&, RowRange);
template void run_stages(std::span<const Stage<Bfloat16>>, const Network<float>&,
                         Workspace<Bfloat16>&, RowRange);
template void run_stages(std::span<const Stage<Float64>>, const Network<double>&,
                         Workspace<Float64>&, RowRange);

}  // namespace nabla
