// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/engine/phase_seconds.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"
#include "nabla/train/divergence.h"
#include "nabla/train/train_options.h"
#include "nabla/train/train_state.h"
#include "nabla/train/trainer.h"

#include "data/epoch_order.h"
#include "engine/step.h"
#include "train/improvement.h"

namespace nabla {

/// The work of a Trainer, without the checks of its arguments, whose options are resolved.
template <class T>
class Training {
 public:
  Training(Model<T>& model, const DataSplit& data, const TrainOptions& options,
           const ParallelOptions& parallel, Executor& executor, Ranks& ranks);

  TrainSummary run(const TrainCallbacks& callbacks);

  void resume(const TrainState<T>& state);

  void copy_state(TrainState<T>& to) const;

  const TrainProgress& progress() const { return now_; }

 private:
  /// Returns false if the training ends with this epoch.
  bool run_epoch(const TrainCallbacks& callbacks, TrainSummary& summary);

  /// One pass over the training rows, or what is left of it; returns what the last mini-batch's
  /// callback answered.
  Flow train_epoch(const TrainCallbacks& callbacks, EpochReport& report, TrainSummary& summary);

  /// Completes the epoch, unless its evaluation shows that the training has diverged.
  void end_epoch(EpochReport& report, TrainSummary& summary);

  /// The evaluation of a last epoch that a training went on from and that has none.
  void evaluate_last(const TrainCallbacks& callbacks, TrainSummary& summary);

  /// Returns false if the evaluation shows that the training has diverged.
  bool evaluate_rows(EpochReport& report, TrainSummary& summary);

  std::optional<Score> score_of(const Dataset& rows, const char* name, const EpochReport& report,
                                TrainSummary& summary);

  void note_validation(const Score& score);

  void begin_epoch();

  void keep(AlignedArray<T>& to) const;

  void return_to_last_good();

  void note_divergence(TrainSummary& summary, Divergence divergence) const;

  /// Returns whether the last step has divided by an epsilon of 0, and so made NaN of numbers. The
  /// network is up to date.
  bool has_made_nan() const;

  /// Whether an epsilon of 0 makes that possible.
  bool may_make_nan() const;

  /// The seconds measured within steps, those before resume included.
  PhaseSeconds step_seconds() const;

  /// Whether train.evaluate-every asks for an evaluation after that epoch.
  bool is_evaluation_due(std::size_t epoch) const;

  /// Whether the epoch is evaluated only because the training ends with it.
  bool is_evaluated_as_last(std::size_t epoch) const;

  Model<T>& model_;
  const DataSplit& data_;
  std::optional<Dataset> sparse_rows_;  ///< for the steps, if the model reads dense rows so
  const TrainOptions options_;
  const std::size_t epochs_;
  Executor& executor_;
  Ranks& ranks_;
  std::unique_ptr<TrainingStep<T>> step_;
  EpochOrder order_;
  std::size_t rows_;    ///< trained on in each epoch
  double misfit_unit_;  ///< of one row, that makes a goodness of 0
  Monitor monitor_;
  bool keeps_best_;
  AlignedArray<T> last_good_;    ///< parameters after the last epoch that ended well
  AlignedArray<T> best_;         ///< after the best epoch, if they are kept
  PhaseSeconds earlier_phases_;  ///< from before resume
  TrainProgress now_;
  std::uint64_t bytes_sent_ = 0;  ///< in the steps since it was made
  std::uint64_t steps_ = 0;
  /// The last epoch, if it is evaluated only as such. It is no part of the state, because a
  /// training of more epochs does not evaluate it.
  std::optional<EpochReport> evaluated_last_;
};

}  // namespace nabla
