// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/train/trainer.h"

#include "data/epoch_order.h"
#include "engine/step.h"

namespace nabla {

/// Whether a training keeps the parameters of its best epoch.
bool keeps_best(const StopOptions& options);

/// The work of a Trainer, without the checks of its arguments.
template <class T>
class Training {
 public:
  Training(Model<T>& model, const DataSplit& data, const TrainOptions& options,
           const ParallelOptions& parallel, Executor& executor);

  TrainSummary run(const TrainCallbacks& callbacks);

  void resume(const TrainState<T>& state);

  void copy_state(TrainState<T>& to) const;

  const TrainProgress& progress() const { return now_; }

 private:
  /// False where training ends with this epoch.
  bool run_epoch(const TrainCallbacks& callbacks, TrainSummary& summary);

  /// One pass over the training rows, or what is left of it; returns what the last mini-batch's
  /// callback answered.
  Flow train_epoch(const TrainCallbacks& callbacks, EpochReport& report, TrainSummary& summary);

  void end_epoch(EpochReport& report);

  void evaluate_rows(EpochReport& report);

  void begin_epoch();

  void keep(AlignedArray<T>& to) const;

  void return_to_last_good();

  /// Measured within steps, those before resume included.
  PhaseSeconds step_seconds() const;

  bool is_evaluation_due() const;

  Model<T>& model_;
  const DataSplit& data_;
  const TrainOptions options_;
  Executor& executor_;
  Step<Uniform<T>> step_;
  EpochOrder order_;
  std::size_t rows_;  ///< trained on in each epoch
  double miss_unit_;  ///< misses of one row that make an accuracy of 0
  Monitor monitor_;
  bool keeps_best_;
  AlignedArray<T> last_good_;    ///< parameters after the last epoch that ended well
  AlignedArray<T> best_;         ///< after the best epoch, where they are kept
  PhaseSeconds earlier_phases_;  ///< from before resume
  TrainProgress now_;
};

}  // namespace nabla
