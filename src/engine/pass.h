// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/model/network.h"

#include "data/augmentation.h"
#include "data/input_transform.h"
#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "engine/stages.h"
#include "model/batch_norm.h"
#include "model/dropout.h"
#include "model/objective.h"
#include "model/workspace.h"

namespace nabla {

/// The first half of a step: gather → feedforward → cost → backprop, which leaves the activations
/// and deltas of a mini-batch in the workspace. The stages are listed once, with the plan; each
/// shard goes through them by itself as far as the next stage that wants all shards at once.
template <class P>
class Pass {
  using T = SumOf<P>;

 public:
  /// Data, plan, dropout, augmentation, batch normalisation and the rows of shards are referred to
  /// and must outlive the pass. Without augmentation the rows are taken as they are.
  Pass(const Topology& topology, Objective objective, const Dataset& data,
       const Preprocess& preprocess, const StepPlan& plan, const Dropout& dropout,
       const Augmentation* augmentation, BatchNorm<P>& batch_norm, const ShardRows& shard_rows,
       const LayerStages<P>& before_feedforward, const LayerStages<P>& after_delta);
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  /// This process's shards of the mini-batch; the workspace has weights if the objective has. If it
  /// is sparse, it has all rows, and the inputs of all.
  void run(const Network<T>& network, Workspace<P>& workspace, const MiniBatch& batch,
           const PhaseTasks& tasks);

 private:
  void append(std::vector<Stage<P>> stages);
  void gather(Workspace<P>& workspace, const MiniBatch& batch, RowRange part) const;
  void prefetch(const MiniBatch& batch, RowRange rows) const;
  void run_blocks(const Stage<P>& stage, const PassData<P>& data, std::size_t shard,
                  const PhaseTasks& tasks) const;

  Objective objective_;
  const Dataset& data_;
  InputTransform<T> transform_;
  TargetScaling scaling_;
  const StepPlan& plan_;
  const Dropout& dropout_;
  const Augmentation* augmentation_;
  std::vector<Stage<P>> stages_;
  std::vector<RowRange> shards_;  ///< their rows; those of the last mini-batch come first
};

}  // namespace nabla
