// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/model/cost.h"
#include "nabla/model/network.h"

#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "model/workspace.h"

namespace nabla {

/// What one mini-batch cost, summed over its rows in ascending order.
struct BatchResult {
  double cost = 0;
  double miss = 0;  ///< see Workspace::miss
};

/// How far one step goes.
struct StepSize {
  double learning_rate;
  double l2;
};

/// The data-parallel step of mini-batch gradient descent, where threads and mathematics meet:
/// gather → feedforward → backprop over shards; then nabla_w and nabla_b averaged over the
/// mini-batch and the parameters moved, over tiles or ranges. What it computes depends on the
/// plan, never on the executor. Owns the workspace; run allocates nothing.
template <class T>
class Step {
 public:
  /// Data, preprocess and executor are referred to and must outlive the step.
  Step(const Topology& topology, Cost cost, const Dataset& data, const Preprocess& preprocess,
       StepPlan plan, Executor& executor);

  /// Trains `network` on the data rows `rows`, at most plan().batch_size of them. `next` are the
  /// rows of the following call where they are known: the cache asks for them meanwhile.
  BatchResult run(Network<T>& network, std::span<const std::uint32_t> rows, StepSize size,
                  std::span<const std::uint32_t> next = {});

  const StepPlan& plan() const { return plan_; }
  /// Where the time of all steps so far went; `other` is 0.
  PhaseSeconds phase_seconds() const { return clock_.total(); }

 private:
  std::size_t shards() const;
  RowRange shard_rows(std::size_t shard) const;
  void pass_shard(const Network<T>& network, std::span<const std::uint32_t> rows,
                  std::size_t shard);
  void prefetch_third(std::span<const std::uint32_t> next, std::size_t third) const;
  template <class Work>
  void for_each_row_block(Phase phase, std::size_t shard, Work work);
  template <class Work>
  void for_each_block(Phase phase, std::size_t shard, std::size_t width, Work work);
  void form_nabla(std::size_t shard);
  void step_tile(Network<T>& network, const Tile& tile, StepSize size);
  void step_range(Network<T>& network, const ParameterRange& range, StepSize size);

  Cost cost_;
  const Dataset& data_;
  const Preprocess& preprocess_;
  StepPlan plan_;
  std::unique_ptr<Executor> serial_;  ///< where the mini-batch is not worth threads
  Executor& executor_;
  Workspace<T> workspace_;
  std::vector<Network<T>> nablas_;  ///< kPerShard: one per shard

  std::size_t batch_rows_ = 0;  ///< rows of the current mini-batch
  std::size_t slots_per_shard_;
  PhaseClock clock_;
};

}  // namespace nabla
