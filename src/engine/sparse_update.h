// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/model/network.h"

#include "engine/plan.h"
#include "engine/scratch_pool.h"
#include "engine/tile_part.h"
#include "model/sparse_inputs.h"
#include "model/workspace.h"
#include "optimize/optimizer.h"

namespace nabla {

/// The part of an update that concerns an input-major first layer: a tile is some of its inputs,
/// and only those that the mini-batch touches have a nabla. Sums over shards are those that
/// Reduction says, but each is formed by the task that owns the tile.
template <class P>
class SparseUpdate {
  using T = SumOf<P>;

 public:
  /// Plan and optimiser are referred to. `lazy`: inputs without entries do not move. `bound`: of
  /// each neuron's incoming weights, 0 for none, with tiles of whole neurons. `direct`: all steps
  /// are step_directly, which keeps no nabla.
  SparseUpdate(const StepPlan& plan, Optimizer<T>& optimizer, bool lazy, double bound, bool direct,
               std::size_t threads);

  /// Bytes that it takes.
  static double bytes(const StepPlan& plan, bool direct, std::size_t threads);

  /// A step of plain gradient descent, without its decay: u ← u − η/(m·factor) Σ_rows ∇C_w of the
  /// touched inputs, the weights being factor · u, and b ← b − η/m Σ_rows ∇C_b.
  void step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                     std::size_t rows, double learning_rate, double factor);

  /// Returns the sum of the squares of the tile's nabla, which is summed over the rows.
  double sum_of_squares(Workspace<P>& workspace, const Network<T>& network, const Tile& tile,
                        std::size_t rows);

  /// Moves the tile by scale times its nabla, summed over the rows.
  void step(Network<T>& network, Workspace<P>& workspace, const Tile& tile, std::size_t rows,
            double scale);

 private:
  /// For one tile. Each nabla has a row for each touched column.
  struct Scratch {
    TouchedColumns<T> entries;
    std::vector<Matrix<T>> nablas;      ///< of the shards, or one of the whole mini-batch
    std::vector<AlignedArray<T>> bias;  ///< the same
    AlignedArray<double> squares;       ///< for the norms of neurons
  };
  static Scratch make_scratch(const StepPlan& plan, bool direct);

  void form_nabla(Workspace<P>& workspace, const Tile& tile, std::size_t rows, bool has_bias,
                  Scratch& scratch) const;

  const StepPlan& plan_;
  Optimizer<T>& optimizer_;
  bool lazy_;
  double bound_;
  AlignedArray<T> zeros_;  ///< the nabla of an input without entries
  ScratchPool<Scratch> scratch_;
};

}  // namespace nabla
