// SPDX-License-Identifier: MIT
#include "engine/pass.h"

#include <algorithm>
#include <iterator>

#include "data/gather.h"
#include "engine/gather_inputs.h"
#include "model/output_layer.h"

namespace nabla {

template <class P>
Pass<P>::Pass(const Topology& topology, Objective objective, const Dataset& data,
              const Preprocess& preprocess, const StepPlan& plan, const Dropout& dropout,
              const Augmentation* augmentation, BatchNorm<P>& batch_norm,
              const ShardRows& shard_rows, const LayerStages<P>& before_feedforward,
              const LayerStages<P>& after_delta)
    : objective_(std::move(objective)),
      data_(data),
      transform_(preprocess),
      scaling_(preprocess.targets),
      plan_(plan),
      dropout_(dropout),
      augmentation_(augmentation),
      shards_(plan.shards) {
  const auto add_row_blocks = [&](Phase phase, auto work) {
    stages_.push_back({phase, StageCut::kRows, 0, work});
  };
  add_row_blocks(Phase::kGather, [this](const PassData<P>& pass, const Block& block) {
    gather(pass.workspace, pass.batch, block.rows);
  });
  append(feedforward_stages(topology, &dropout, &batch_norm, &shard_rows, before_feedforward));
  add_row_blocks(Phase::kFeedforward, [this](const PassData<P>& pass, const Block& block) {
    output_layer(pass.network, objective_.cost, data_.task, pass.workspace, block.rows,
                 scaling_.divisor);
    const std::size_t last = pass.network.layers() - 1;
    pass.workspace.round_delta(last, block.rows, {0, pass.network.topology().outputs()});
    prefetch(pass.batch, block.rows);
  });
  append(backprop_stages(topology, &batch_norm, &shard_rows, after_delta));
}

template <class P>
void Pass<P>::append(std::vector<Stage<P>> stages) {
  std::ranges::move(stages, std::back_inserter(stages_));
}

template <class P>
void Pass<P>::run(const Network<T>& network, Workspace<P>& workspace, const MiniBatch& batch,
                  const PhaseTasks& tasks) {
  if (workspace.is_sparse())
    workspace.sparse_inputs().begin(batch.rows.size(), [&](std::size_t r) {
      return most_entries(data_, transform_, batch.rows[r]);
    });
  const std::size_t shards = plan_.shards_of(batch.rows.size());
  for (std::size_t s = 0; s < shards; ++s) shards_[s] = plan_.shard_rows(batch.rows.size(), s);
  const PassData<P> data{network, workspace, batch, std::span(shards_).first(shards)};
  // The first layer's weights move by the entries of all rows.
  if (workspace.is_sparse() && batch.shards.count < shards)
    tasks.executor.run(shards, [&](std::size_t s) {
      const std::size_t own = s - batch.shards.first;
      if (own >= batch.shards.count) gather(workspace, batch, shards_[s]);
    });
  const auto wants_all = [](const Stage<P>& stage) { return stage.cut == StageCut::kNone; };
  for (auto stage = stages_.begin(); stage != stages_.end();) {
    if (wants_all(*stage)) {
      tasks.clock.measure(stage->phase, 0, [&] { stage->work(data, {}); });
      ++stage;
      continue;
    }
    const auto end = std::find_if(stage, stages_.end(), wants_all);
    tasks.executor.run(batch.shards.count, [&](std::size_t s) {
      for (auto next = stage; next != end; ++next)
        run_blocks(*next, data, batch.shards.first + s, tasks);
    });
    stage = end;
  }
}

/// One stage of a shard, each block a task that threads without a shard take.
template <class P>
void Pass<P>::run_blocks(const Stage<P>& stage, const PassData<P>& data, std::size_t shard,
                         const PhaseTasks& tasks) const {
  const RowRange rows{data.shards[shard].first - data.batch.first_row, data.shards[shard].count};
  const std::size_t slot = plan_.first_slot(shard);
  if (stage.cut == StageCut::kRows) {
    tasks.run(stage.phase, slot, plan_.row_blocks, [&](std::size_t b) {
      const RowRange part = divide_rows(rows, plan_.row_blocks, b);
      if (part.count > 0) stage.work(data, {shard, part, {}});
    });
  } else {
    const std::span<const UnitRange> blocks = plan_.blocks[stage.level];
    tasks.run(stage.phase, slot, blocks.size(), [&](std::size_t b) {
      stage.work(data, {shard, rows, blocks[b]});
    });
  }
}

/// Inputs and targets of some rows of the mini-batch.
template <class P>
void Pass<P>::gather(Workspace<P>& workspace, const MiniBatch& batch, RowRange part) const {
  const auto data_rows = batch.rows.subspan(batch.first_row + part.first, part.count);
  if (augmentation_ == nullptr) {
    gather_into(workspace, data_, transform_, data_rows, part, &dropout_);
  } else {
    gather_augmented_inputs(data_, *augmentation_, batch.epoch, transform_, data_rows,
                            workspace.dense_inputs(part));
    dropout_.apply_to_inputs(workspace, part);
  }
  gather_targets(data_, data_rows, workspace.target(part), scaling_);
  smooth_targets(objective_.smoothing, workspace.target(part));
  gather_weights(objective_.row_weights, data_rows, workspace.weight(part));
}

/// Asks the cache for the next data rows that will be gathered to these rows of the workspace. They
/// come from memory behind the arithmetic that follows.
template <class P>
void Pass<P>::prefetch(const MiniBatch& batch, RowRange rows) const {
  const std::size_t first = std::min(batch.first_row + rows.first, batch.next.size());
  const std::size_t count = std::min(rows.count, batch.next.size() - first);
  prefetch_inputs(data_, batch.next.subspan(first, count));
}

template class Pass<Float32>;
template class Pass<Bfloat16>;
template class Pass<Float64>;

}  // namespace nabla
