// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/network.h"
#include "nabla/optimize/optimizer_options.h"

#include "engine/pass.h"
#include "engine/phase_clock.h"
#include "engine/plan.h"
#include "engine/shard_rows.h"
#include "engine/update.h"
#include "model/batch_norm.h"
#include "model/dropout.h"
#include "model/objective.h"
#include "model/workspace.h"

namespace nabla {

/// The cost of one mini-batch, summed over the rows of each shard, then over the shards, both in
/// ascending order.
struct BatchResult {
  double cost = 0;
  double misfit = 0;  ///< see Workspace::misfit
};

/// Everything that a step does besides backprop.
struct StepOptions {
  OptimizerOptions optimizer = {};
  Penalty penalty = {};
  NormBounds bounds = {};
  /// Fraction of the units dropped of each level but the last, inputs first; empty: none.
  std::vector<double> dropout = {};
  /// Deformations of the rows, which are images if there are any.
  AugmentOptions augment = {};
  std::uint64_t seed = 1;  ///< of the dropout masks and deformations
};

/// The place of a step in a training.
struct StepPoint {
  double learning_rate;
  std::size_t epoch = 0;  ///< from 0
  std::size_t batch = 0;  ///< within the epoch, from 0
};

/// All that a step leaves to the next one. Arrays are laid out as the parameters of the network.
template <class T>
struct StepState {
  /// Of steps on sparse rows, else empty. The first layer's weights are these times the factor.
  AlignedArray<T> parameters;
  double weight_factor = 1;
  std::size_t optimizer_steps = 0;
  std::vector<AlignedArray<T>> slots;
};

/// The step of a training whose parameters are of type T, whatever the operands of its products.
template <class T>
class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  /// Takes notice of parameters that something else than a step has changed: to be called before
  /// the first step and after each such change. `factor`: of the first layer's weights, see
  /// StepState.
  virtual void take_weights(const Network<T>& network, double factor = 1) = 0;

  /// Brings the network up to date, on all ranks at once: a step on sparse rows moves parameters of
  /// its own, and what other ranks have stepped may still be on its way.
  virtual void give_weights(Network<T>& network) = 0;

  /// Copies the state that the next step depends on, and takes it over from a step like this one,
  /// but for its weights. Throws DataError if its shape differs. Of several ranks, all of which
  /// copy at once and after give_weights, the first one alone is given the whole state.
  virtual void copy_state(StepState<T>& to) const = 0;
  virtual void restore_optimizer(const StepState<T>& state) = 0;

  /// Trains `network` on the data rows `rows`, at most plan().batch_size of them. Of several ranks
  /// it is theirs until give_weights has returned. `next` are the rows of the following call if
  /// they are known: the cache asks for them meanwhile.
  virtual BatchResult run(Network<T>& network, std::span<const std::uint32_t> rows,
                          const StepPoint& point, std::span<const std::uint32_t> next = {}) = 0;

  virtual const StepPlan& plan() const = 0;
  virtual Ranks& ranks() const = 0;
  /// Where the time of all steps so far went; `other` is 0.
  virtual PhaseSeconds phase_seconds() const = 0;
};

/// The data-parallel step of mini-batch gradient descent, in which threads and mathematics meet:
/// gather → feedforward → backprop over shards; then nabla_w and nabla_b averaged over the
/// mini-batch and the parameters moved, tile by tile. If the plan has entries, the first layer
/// reads the rows' entries. The result depends on the plan, never on executor or ranks, of which
/// each takes its shards through the pass. Owns the workspace; run allocates nothing by itself
/// (oneDNN may, see math/onednn.h; the exchange of several ranks does).
template <class P>
class Step final : public TrainingStep<ParameterOf<P>> {
  using T = ParameterOf<P>;

 public:
  /// Data, executor and ranks are referred to and must outlive the step. Several ranks need a plan
  /// with kPerShard and as many shards.
  Step(const Topology& topology, Objective objective, const Dataset& data,
       const Preprocess& preprocess, StepPlan plan, const StepOptions& options, Executor& executor,
       Ranks& ranks = lone_rank());
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  void take_weights(const Network<T>& network, double factor = 1) override;
  void give_weights(Network<T>& network) override;
  void copy_state(StepState<T>& to) const override;
  void restore_optimizer(const StepState<T>& state) override;

  BatchResult run(Network<T>& network, std::span<const std::uint32_t> rows, const StepPoint& point,
                  std::span<const std::uint32_t> next = {}) override;

  /// Returns what `run` would for these rows, without moving the parameters. Steps on sparse rows
  /// read those taken last.
  BatchResult evaluate(const Network<T>& network, std::span<const std::uint32_t> rows,
                       const StepPoint& point);

  /// Activations, deltas and costs of the last mini-batch.
  Workspace<P>& workspace() { return workspace_; }

  const StepPlan& plan() const override { return plan_; }
  Ranks& ranks() const override { return shard_rows_.ranks(); }
  PhaseSeconds phase_seconds() const override { return clock_.total(); }

 private:
  /// `own`: the topology of the network whose parameters the step moves.
  Step(const Topology& topology, const Topology& own, Objective objective, const Dataset& data,
       const Preprocess& preprocess, StepPlan plan, const StepOptions& options, Executor& executor,
       Ranks& ranks);

  void run_pass(const Network<T>& network, std::span<const std::uint32_t> rows,
                const StepPoint& point, std::span<const std::uint32_t> next = {});
  BatchResult result(std::size_t rows);
  void prefetch_third(std::span<const std::uint32_t> next, std::size_t third) const;

  const Dataset& data_;
  StepPlan plan_;
  const Topology topology_;           ///< of the network that is trained
  std::optional<Network<T>> own_;     ///< the same, input-major, if the rows are sparse
  std::unique_ptr<Executor> serial_;  ///< if the mini-batch is not worth threads
  Executor& executor_;
  const ShardRows shard_rows_;
  Workspace<P> workspace_;
  Dropout dropout_;
  std::optional<Augmentation> augmentation_;
  BatchNorm<P> batch_norm_;
  Update<P> update_;
  Pass<P> pass_;
  Matrix<double> shard_results_;  ///< [shards × 2], cost and misfit
  PhaseClock clock_;
};

}  // namespace nabla
