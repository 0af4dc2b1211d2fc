// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "nabla/model/network.h"

#include "engine/phase_tasks.h"
#include "engine/plan.h"
#include "engine/scratch_pool.h"
#include "model/batch_norm.h"
#include "model/workspace.h"
#include "optimize/optimizer.h"

namespace nabla {

/// Bounds that a step keeps; 0: none.
struct NormBounds {
  /// Of each neuron's incoming weights, after the step.
  double neuron = 0;
  /// Of the averaged nabla of the cost over all parameters, before the step.
  double nabla = 0;
};

/// What a pass leaves of a mini-batch.
template <class T>
struct PassResult {
  Workspace<T>& workspace;
  const BatchNorm<T>* batch_norm;  ///< null where the network has none
  std::size_t rows;
  std::size_t shards;
};

/// The second half of a step: from the activations and deltas of a mini-batch to nabla_w and
/// nabla_b, averaged over all its rows, and to parameters that have moved. One task owns a tile; it
/// forms the tile's nabla and has the optimiser step the tile while that is in the cache. Only
/// where the norm of the whole nabla is needed first is all of it kept.
template <class T>
class Update {
 public:
  Update(const Topology& topology, const StepPlan& plan, const OptimizerOptions& optimizer,
         const Penalty& penalty, const NormBounds& bounds, std::size_t threads);

  /// kPerShard, to be called for each shard before run: its own nabla_w and nabla_b, summed over
  /// its rows, some neurons of layer i.
  void form_shard_nabla(Workspace<T>& workspace, std::size_t shard, RowRange rows, std::size_t i,
                        Neurons neurons);

  /// Moves the network by the nabla of the mini-batch.
  void run(Network<T>& network, const PassResult<T>& pass, double learning_rate,
           const PhaseTasks& tasks);

  Optimizer<T>& optimizer() { return optimizer_; }
  const Optimizer<T>& optimizer() const { return optimizer_; }

 private:
  /// Sums over the rows, not yet averaged, of one tile or a strip of its neurons.
  struct TileNabla {
    MatrixView<T> w;
    std::span<T> b;  ///< empty where the tile has no biases
  };

  bool is_direct() const;
  void step_directly(Network<T>& network, const PassResult<T>& pass, const Tile& tile,
                     double learning_rate);
  void step_in_strips(Network<T>& network, const PassResult<T>& pass, const Tile& tile);
  TileNabla whole_nabla(const Tile& tile);
  void form_whole(const PassResult<T>& pass, const Tile& tile);
  static void form_nabla(Workspace<T>& workspace, RowRange rows, const Tile& tile,
                         const TileNabla& nabla);
  void add_shards(const Tile& tile, std::size_t shards);
  double squares(const Tile& tile);
  double clip_factor(const PassResult<T>& pass) const;
  void step_batch_norm(Network<T>& network, const BatchNorm<T>& batch_norm, double scale);
  void step_tile(Network<T>& network, const Tile& tile, const TileNabla& nabla, double scale);

  const StepPlan& plan_;
  NormBounds bounds_;
  Optimizer<T> optimizer_;
  /// kPerShard: one per shard, the first of which becomes their sum; kTiled with a bound on the
  /// nabla: one; else none.
  std::vector<Network<T>> nablas_;
  std::vector<double> squares_;  ///< of each tile, where the nabla is bounded
  std::optional<ScratchPool<T>> scratch_;
};

}  // namespace nabla
