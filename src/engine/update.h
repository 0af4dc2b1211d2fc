// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "nabla/model/network.h"

#include "engine/bands.h"
#include "engine/nabla_sums.h"
#include "engine/parameter_shares.h"
#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "engine/rank_reducer.h"
#include "engine/scratch_pool.h"
#include "engine/shard_rows.h"
#include "engine/sparse_update.h"
#include "engine/stages.h"
#include "engine/tile_part.h"
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
/// nabla_b, averaged over all its rows, and to parameters that have moved. One task owns a tile, or
/// a band of them: it forms their nabla, with kPerShard shard by shard, and has the optimiser step
/// them while they are in the cache. All of the nabla is kept only if its norm is needed first, if
/// ranks have their parts of it, or if there are too few bands for all threads.
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

  /// With several ranks: a stage that follows the δ of a layer, forms its nabla_w and nabla_b and
  /// begins to exchange them. It refers to the update.
  std::vector<Stage<P>> exchange_stages(std::size_t layer);

  /// Tasks that it runs side by side at most.
  std::size_t most_tasks() const {
    return std::max(plan_.tiles.size(), nablas_.plan().parts * nablas_.plan().bands.size());
  }

  /// To be called before the pass of a mini-batch of so many rows.
  void begin(std::size_t rows);

  /// Moves the network by the nabla of a mini-batch of so many rows, whose pass has left its
  /// activations and deltas in the workspace.
  void run(Network<T>& network, Workspace<P>& workspace, std::size_t rows, double learning_rate,
           const PhaseTasks& tasks);

  /// With several ranks: a stage before the feedforward of a layer, which waits for what others
  /// have stepped of it. It refers to the update.
  std::vector<Stage<P>> arrival_stages(std::size_t layer);

  /// Returns once the network is up to date, which the last `run` has stepped.
  void finish(const Network<T>& network, Workspace<P>& workspace);

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
    kBands,   ///< in the cache, a band at a time, which is the sum of those of the shards
    kStored,  ///< kept
  };
  static Way way_of(const StepPlan& plan, const Optimizer<T>& optimizer, const NormBounds& bounds,
                    const SumPlan& sums, std::size_t ranks);
  bool is_sparse(const Tile& tile) const { return sparse_.has_value() && tile.layer == 0; }

  void decay_first_layer(Network<T>& network, double learning_rate, const PhaseTasks& tasks);
  void step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                     std::size_t rows, double learning_rate);
  void step_in_strips(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                      std::size_t rows);
  void step_bands(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                  const PhaseTasks& tasks);
  void step_stored(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                   const PhaseTasks& tasks);
  void step_own_bands(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                      const PhaseTasks& tasks);
  void step_own_band(Network<T>& network, Workspace<P>& workspace, const Band& band, double scale);
  void sum_nabla(Workspace<P>& workspace, const PhaseTasks& tasks, TaskRef then);
  TilePart<T> nabla_of(std::size_t tile);
  void finish_layer(const Network<T>& network, Workspace<P>& workspace, std::size_t layer);
  double clip_factor(std::size_t rows) const;
  void step_batch_norm(Network<T>& network, double scale);
  void step_tile(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                 const TilePart<T>& nabla, double scale);
  void step_others(Network<T>& network, std::span<T> parameters, std::span<const T> nabla,
                   double scale);

  const StepPlan& plan_;
  NormBounds bounds_;
  const BatchNorm<P>& batch_norm_;
  const ShardRows& shard_rows_;
  Executor& executor_;
  std::vector<Tile> dense_tiles_;
  ParameterShares shares_;
  Optimizer<T> optimizer_;
  Way way_;
  NablaSums<P> nablas_;
  std::optional<SparseUpdate<P>> sparse_;  ///< of an input-major first layer
  double weight_factor_ = 1;
  std::optional<RankReducer<T>> reducer_;  ///< of several ranks
  std::vector<RankBands> rank_bands_;      ///< by layer
  /// This rank's own bands are not stored: their nabla is formed while they are stepped, when those
  /// of other ranks are on their way.
  bool forms_own_last_ = false;
  std::vector<double> squares_;  ///< of the nabla of each tile, if its norm is bounded
  std::optional<ScratchPool<AlignedArray<T>>> scratch_;  ///< kStrips: the nabla of a strip
};

}  // namespace nabla
