// SPDX-License-Identifier: MIT
#include "engine/pass.h"

#include <algorithm>

#include "data/gather.h"
#include "model/backprop.h"
#include "model/feedforward.h"
#include "model/output_layer.h"

namespace nabla {

template <class T>
void Pass<T>::run_shard(const Network<T>& network, Workspace<T>& workspace, const MiniBatch& batch,
                        std::size_t shard, const PhaseTasks& tasks) const {
  const RowRange range = plan_.shard_rows(batch.rows.size(), shard);
  const std::size_t slot = plan_.first_slot(shard);
  /// work(RowRange) for the row blocks of the shard.
  const auto for_each_row_block = [&](Phase phase, auto work) {
    tasks.run(phase, slot, plan_.row_blocks, [&](std::size_t b) {
      const RowRange part = divide_rows(range, plan_.row_blocks, b);
      if (part.count > 0) work(part);
    });
  };
  /// work(Neurons) for the blocks of one width of the network, 0 being the inputs.
  const auto for_each_block = [&](Phase phase, std::size_t width, auto work) {
    tasks.run(phase, slot, plan_.blocks[width].size(),
              [&](std::size_t b) { work(plan_.blocks[width][b]); });
  };

  for_each_row_block(Phase::kGather, [&](RowRange part) { gather(workspace, batch, part); });
  for (std::size_t i = 0; i < network.layers(); ++i)
    for_each_block(Phase::kFeedforward, i + 1, [&](Neurons neurons) {
      feedforward_layer(network, workspace, i, range, neurons);
      dropout_.apply(workspace, i + 1, range, neurons);
    });
  for_each_row_block(Phase::kFeedforward, [&](RowRange part) {
    output_layer(network, objective_.cost, data_.task, workspace, part, scaling_.divisor);
  });
  for (std::size_t i = network.layers() - 1; i > 0; --i)
    for_each_block(Phase::kBackprop, i,
                   [&](Neurons neurons) { backprop_layer(network, workspace, i, range, neurons); });
}

template <class T>
void Pass<T>::run_layers(const Network<T>& network, Workspace<T>& workspace,
                         BatchNorm<T>& batch_norm, const MiniBatch& batch,
                         const PhaseTasks& tasks) {
  const std::size_t shards = std::min(plan_.shards, batch.rows.size());
  shard_rows_.resize(shards);
  for (std::size_t s = 0; s < shards; ++s)
    shard_rows_[s] = plan_.shard_rows(batch.rows.size(), s).count;
  /// work(RowRange) for the row blocks of all shards.
  const auto for_each_row_block = [&](Phase phase, auto work) {
    tasks.run(phase, 0, shards * plan_.row_blocks, [&](std::size_t t) {
      const RowRange range = plan_.shard_rows(batch.rows.size(), t / plan_.row_blocks);
      const RowRange part = divide_rows(range, plan_.row_blocks, t % plan_.row_blocks);
      if (part.count > 0) work(part);
    });
  };
  /// work(shard, RowRange, Neurons) for the blocks of one width in all shards.
  const auto for_each_block = [&](Phase phase, std::size_t width, auto work) {
    const std::span<const Neurons> blocks = plan_.blocks[width];
    tasks.run(phase, 0, shards * blocks.size(), [&](std::size_t t) {
      const std::size_t shard = t / blocks.size();
      work(shard, plan_.shard_rows(batch.rows.size(), shard), blocks[t % blocks.size()]);
    });
  };

  for_each_row_block(Phase::kGather, [&](RowRange part) { gather(workspace, batch, part); });
  const std::size_t last = network.layers() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    for_each_block(Phase::kFeedforward, i + 1,
                   [&](std::size_t shard, RowRange range, Neurons neurons) {
                     batch_norm.feed(network, workspace, i, shard, range, neurons);
                   });
    batch_norm.combine_moments(i, shard_rows_);
    for_each_block(Phase::kFeedforward, i + 1, [&](std::size_t, RowRange range, Neurons neurons) {
      batch_norm.normalize(network, workspace, i, range, neurons);
      dropout_.apply(workspace, i + 1, range, neurons);
    });
  }
  for_each_block(Phase::kFeedforward, last + 1, [&](std::size_t, RowRange range, Neurons neurons) {
    feedforward_layer(network, workspace, last, range, neurons);
  });
  for_each_row_block(Phase::kFeedforward, [&](RowRange part) {
    output_layer(network, objective_.cost, data_.task, workspace, part, scaling_.divisor);
  });
  for (std::size_t i = last; i > 0; --i) {
    for_each_block(Phase::kBackprop, i, [&](std::size_t shard, RowRange range, Neurons neurons) {
      backprop_layer(network, workspace, i, range, neurons);
      batch_norm.take_sums(workspace, i - 1, shard, range, neurons);
    });
    batch_norm.combine_sums(network, i - 1, shards);
    for_each_block(Phase::kBackprop, i, [&](std::size_t, RowRange range, Neurons neurons) {
      batch_norm.backprop(workspace, i - 1, range, neurons);
    });
  }
}

/// Inputs and targets of some rows of the mini-batch.
template <class T>
void Pass<T>::gather(Workspace<T>& workspace, const MiniBatch& batch, RowRange part) const {
  const auto data_rows = batch.rows.subspan(part.first, part.count);
  const MatrixView<T> inputs = workspace.activation(0, part);
  if (augmentation_ == nullptr)
    gather_inputs(data_, transform_, data_rows, inputs);
  else
    gather_augmented_inputs(data_, *augmentation_, batch.epoch, transform_, data_rows, inputs);
  dropout_.apply(workspace, 0, part, {0, inputs.cols});
  gather_targets(data_, data_rows, workspace.target(part), scaling_);
  smooth_targets(objective_.smoothing, workspace.target(part));
  gather_weights(objective_.row_weights, data_rows, workspace.weight(part));
}

template class Pass<float>;
template class Pass<double>;

}  // namespace nabla
