// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "nabla/model/network.h"

#include "engine/parameter_shares.h"
#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "engine/reducer.h"
#include "engine/scratch_pool.h"
#include "engine/shard_rows.h"
#include "engine/sparse_update.h"
#include "engine/stages.h"
#include "model/batch_norm.h"
#include "model/workspace.h"
#include "optimize/optimizer.h"

namespace nabla {

/// Bounds that a step keeps; 0: none.
struct NormBounds {
  /// Bound of each neuron's incoming weights, after the step.
  double neuron = 0;
  /// Bound of the averaged nabla of the cost over all parameters, before the step.
  double nabla = 0;
};

/// The second half of a step: from the activations and deltas of a mini-batch to nabla_w and
/// nabla_b, averaged over all its rows, and to parameters that have moved. One task owns a tile: it
/// forms the tile's nabla, or has the reducer add it up over the shards, and has the optimiser step
/// the tile while that is in the cache. All of the nabla is kept only if the shards have their own
/// or its norm is needed first.
template <class P>
class Update {
  using T = SumOf<P>;

 public:
  /// All but options and bounds are referred to and must outlive the update.
  Update(const Topology& topology, const StepPlan& plan, const OptimizerOptions& optimizer,
         const Penalty& penalty, const NormBounds& bounds, const BatchNorm<P>& batch_norm,
         const ShardRows& shard_rows, Executor& executor);

  /// Bytes that it takes besides the optimiser.
  static double bytes(const Topology& topology, const StepPlan& plan,
                      const OptimizerOptions& optimizer, const Penalty& penalty,
                      const NormBounds& bounds, std::size_t threads);

  /// Stages that follow the δ of a layer: with kPerShard each shard forms its own nabla_w and
  /// nabla_b, summed over its rows. They refer to the update.
  std::vector<Stage<P>> shard_stages(std::size_t layer);

  /// To be called before the pass of a mini-batch of so many rows.
  void begin(std::size_t rows);

  /// Moves the network by the nabla of a mini-batch of so many rows, whose pass has left its
  /// activations and deltas in the workspace.
  void run(Network<T>& network, Workspace<P>& workspace, std::size_t rows, double learning_rate,
           const PhaseTasks& tasks);

  Optimizer<T>& optimizer() { return optimizer_; }
  const Optimizer<T>& optimizer() const { return optimizer_; }

  /// Who steps which parameters.
  const ParameterShares& shares() const { return shares_; }

  /// An input-major first layer's weights count this many times themselves.
  double weight_factor() const { return weight_factor_; }
  void set_weight_factor(double factor) { weight_factor_ = factor; }

 private:
  /// Where the nabla is while the parameters move.
  enum class Way {
    kDirect,  ///< nowhere: a product makes the whole step
    kStrips,  ///< in the cache, a strip at a time
    kStored,  ///< in nablas_
  };
  static Way way_of(const StepPlan& plan, const Optimizer<T>& optimizer, const NormBounds& bounds);
  static std::size_t nablas_of(const StepPlan& plan, Way way, std::size_t shards);
  static std::size_t scratch_of(const StepPlan& plan, Way way);
  bool is_sparse(const Tile& tile) const { return sparse_.has_value() && tile.layer == 0; }

  void decay_first_layer(Network<T>& network, double learning_rate, const PhaseTasks& tasks);
  void step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                     std::size_t rows, double learning_rate);
  void step_in_strips(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                      std::size_t rows);
  void step_stored(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                   const PhaseTasks& tasks);
  void sum_nabla(Workspace<P>& workspace, std::size_t rows, const PhaseTasks& tasks, TaskRef then,
                 TaskRef after_layer);
  TilePart<T> nabla_of(std::size_t tile);
  void round_shared_weights(const Network<T>& network, Workspace<P>& workspace,
                            const PhaseTasks& tasks);
  static void form_nabla(Workspace<P>& workspace, RowRange rows, const Tile& tile,
                         const TilePart<T>& nabla);
  double clip_factor(std::size_t rows) const;
  void step_batch_norm(Network<T>& network, double scale);
  void step_tile(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                 const TilePart<T>& nabla, double scale);

  const StepPlan& plan_;
  NormBounds bounds_;
  const BatchNorm<P>& batch_norm_;
  const ShardRows& shard_rows_;
  std::vector<Tile> dense_tiles_;
  ParameterShares shares_;
  Optimizer<T> optimizer_;
  Way way_;
  std::optional<SparseUpdate<P>> sparse_;  ///< of an input-major first layer
  double weight_factor_ = 1;
  std::unique_ptr<Reducer<T>> reducer_;
  /// kStored: with kPerShard one for each shard of this process, else one.
  std::vector<Network<T>> nablas_;
  std::vector<double> squares_;  ///< of the nabla of each tile, if its norm is bounded
  std::optional<ScratchPool<AlignedArray<T>>> scratch_;
};

}  // namespace nabla
