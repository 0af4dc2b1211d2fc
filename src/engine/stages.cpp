// SPDX-License-Identifier: MIT
#include "engine/stages.h"

#include "model/backprop.h"
#include "model/feedforward.h"

namespace nabla {

namespace {

template <class T, class Work>
Stage<T> in_blocks(Phase phase, std::size_t level, Work work) {
  return {phase, StageCut::kNeurons, level, work};
}

template <class T, class Work>
Stage<T> at_once(Phase phase, Work work) {
  return {phase, StageCut::kNone, 0, work};
}

}  // namespace

template <class T>
std::vector<Stage<T>> feedforward_stages(const Topology& topology, const Dropout* dropout,
                                         BatchNorm<T>* batch_norm) {
  using Data = PassData<T>;
  constexpr Phase kPhase = Phase::kFeedforward;
  // Units are dropped by the task that has just computed them.
  const auto drop = [dropout](const Data& data, std::size_t level, const Block& block) {
    if (dropout != nullptr) dropout->apply(data.workspace, level, block.rows, block.neurons);
  };
  std::vector<Stage<T>> stages;
  for (std::size_t i = 0; i < topology.layers().size(); ++i) {
    if (!topology.layers()[i].batch_norm) {
      stages.push_back(in_blocks<T>(kPhase, i + 1, [i, drop](const Data& data, const Block& block) {
        feedforward_layer(data.network, data.workspace, i, block.rows, block.neurons);
        drop(data, i + 1, block);
      }));
      continue;
    }
    stages.push_back(in_blocks<T>(kPhase, i + 1, [=](const Data& data, const Block& block) {
      batch_norm->feed(data.network, data.workspace, i, block.shard, block.rows, block.neurons);
    }));
    stages.push_back(at_once<T>(kPhase, [=](const Data& data, const Block&) {
      batch_norm->combine_moments(i, data.shards);
    }));
    stages.push_back(in_blocks<T>(kPhase, i + 1, [=](const Data& data, const Block& block) {
      batch_norm->normalize(data.network, data.workspace, i, block.rows, block.neurons);
      drop(data, i + 1, block);
    }));
  }
  return stages;
}

template <class T>
std::vector<Stage<T>> backprop_stages(const Topology& topology, BatchNorm<T>* batch_norm) {
  using Data = PassData<T>;
  constexpr Phase kPhase = Phase::kBackprop;
  std::vector<Stage<T>> stages;
  for (std::size_t i = topology.layers().size() - 1; i > 0; --i) {
    if (!topology.layers()[i - 1].batch_norm) {
      stages.push_back(in_blocks<T>(kPhase, i, [i](const Data& data, const Block& block) {
        backprop_layer(data.network, data.workspace, i, block.rows, block.neurons);
      }));
      continue;
    }
    stages.push_back(in_blocks<T>(kPhase, i, [=](const Data& data, const Block& block) {
      backprop_layer(data.network, data.workspace, i, block.rows, block.neurons);
      batch_norm->take_sums(data.workspace, i - 1, block.shard, block.rows, block.neurons);
    }));
    stages.push_back(at_once<T>(kPhase, [=](const Data& data, const Block&) {
      batch_norm->combine_sums(data.network, i - 1, data.shards.size());
    }));
    stages.push_back(in_blocks<T>(kPhase, i, [=](const Data& data, const Block& block) {
      batch_norm->backprop(data.workspace, i - 1, block.rows, block.neurons);
    }));
  }
  return stages;
}

template <class T>
void run_stages(std::span<const Stage<T>> stages, const Network<T>& network,
                Workspace<T>& workspace, RowRange rows) {
  const PassData<T> data{network, workspace, {}, {&rows, 1}};
  for (const Stage<T>& stage : stages)
    stage.work(data, {0, rows, {0, workspace.activation(stage.level, rows).cols}});
}

template std::vector<Stage<float>> feedforward_stages(const Topology&, const Dropout*,
                                                      BatchNorm<float>*);
template std::vector<Stage<double>> feedforward_stages(const Topology&, const Dropout*,
                                                       BatchNorm<double>*);
template std::vector<Stage<float>> backprop_stages(const Topology&, BatchNorm<float>*);
template std::vector<Stage<double>> backprop_stages(const Topology&, BatchNorm<double>*);
template void run_stages(std::span<const Stage<float>>, const Network<float>&, Workspace<float>&,
                         RowRange);
template void run_stages(std::span<const Stage<double>>, const Network<double>&, Workspace<double>&,
                         RowRange);

}  // namespace nabla
