// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/model/network.h"

#include "data/augmentation.h"
#include "data/input_transform.h"
#include "engine/objective.h"
#include "engine/phase_tasks.h"
#include "engine/plan.h"
#include "model/batch_norm.h"
#include "model/dropout.h"
#include "model/workspace.h"

namespace nabla {

/// The data rows of a mini-batch and the epoch, from 0, that visits them.
struct MiniBatch {
  std::span<const std::uint32_t> rows;
  std::size_t epoch;
};

/// The first half of a step: gather → feedforward → backprop, which leaves the activations and
/// deltas of a mini-batch in the workspace. A shard is passed in phases, each cut into blocks that
/// are tasks of their own.
template <class T>
class Pass {
 public:
  /// Data, plan, dropout and augmentation are referred to and must outlive the pass. Without
  /// augmentation the rows are taken as they are.
  Pass(Objective objective, const Dataset& data, const Preprocess& preprocess, const StepPlan& plan,
       const Dropout& dropout, const Augmentation* augmentation)
      : objective_(std::move(objective)),
        data_(data),
        transform_(preprocess),
        scaling_(preprocess.targets),
        plan_(plan),
        dropout_(dropout),
        augmentation_(augmentation) {}

  /// One shard of the mini-batch; the workspace has weights where the objective has. Shards may be
  /// passed at the same time. For networks without batch normalisation.
  void run_shard(const Network<T>& network, Workspace<T>& workspace, const MiniBatch& batch,
                 std::size_t shard, const PhaseTasks& tasks) const;

  /// All shards, layer by layer, because batch normalisation wants sums over the whole mini-batch
  /// in between.
  void run_layers(const Network<T>& network, Workspace<T>& workspace, BatchNorm<T>& batch_norm,
                  const MiniBatch& batch, const PhaseTasks& tasks);

 private:
  void gather(Workspace<T>& workspace, const MiniBatch& batch, RowRange part) const;

  Objective objective_;
  const Dataset& data_;
  InputTransform<T> transform_;
  TargetScaling scaling_;
  const StepPlan& plan_;
  const Dropout& dropout_;
  const Augmentation* augmentation_;
  std::vector<std::size_t> shard_rows_;  ///< of the mini-batch in run_layers
};

}  // namespace nabla
