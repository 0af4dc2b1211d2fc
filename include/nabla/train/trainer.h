// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/engine/phase_seconds.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"
#include "nabla/train/divergence.h"
#include "nabla/train/train_options.h"
#include "nabla/train/train_state.h"

namespace nabla {

/// The answer of a callback: whether the training goes on. An epoch that is stopped after its last
/// mini-batch is complete: it is evaluated and reported before the training ends.
enum class Flow { kContinue, kStop };

/// After a mini-batch; for progress.
struct BatchReport {
  std::size_t epoch;   ///< from 1
  std::size_t epochs;  ///< asked for
  std::size_t row;     ///< rows trained in this epoch so far
  std::size_t rows;    ///< rows in an epoch
  double mean_cost;    ///< of those rows, as seen during training
  double seconds;      ///< of training in this epoch so far
};

/// How a training ended.
enum class TrainStatus { kCompleted, kEarlyStopped, kInterrupted, kDiverged };
/// The name used in summary.json: "completed", "early-stopped", …
std::string_view name_of(TrainStatus status);

/// How a training went, and what it used of the options that leave a choice.
struct TrainSummary {
  TrainStatus status = TrainStatus::kCompleted;
  /// Epochs completed.
  std::size_t epochs = 0;
  EpochReport last;
  /// The epoch that is best by StopOptions::monitor; without validation rows by test accuracy, else
  /// by training accuracy. Of equals the one of lower cost, then the first. Epoch 0: none has been
  /// evaluated.
  EpochReport best;
  /// The epoch after which the model had the parameters that it has now: the best one if
  /// StopOptions::restore_best keeps it, else the last; 0: those of its start. After an
  /// interruption the one that it would have if the training ended there.
  std::size_t model_epoch = 0;
  /// The report of that epoch.
  const EpochReport& of_model() const { return model_epoch == best.epoch ? best : last; }
  /// Wall time of all epochs so far, evaluations and on_epoch aside, and the rows trained in it.
  double train_seconds = 0;
  double samples_per_second = 0;
  PhaseSeconds phase_seconds;
  std::size_t threads = 0;
  std::size_t shards = 0;
  Reduction reduction = Reduction::kAuto;
  std::size_t ranks = 1;
  double bytes_sent_per_step = 0;  ///< by this rank to others
  std::size_t parameters = 0;
  /// Has a meaning if it is kDiverged.
  Divergence divergence;
};

/// Called on the thread that runs the training, never inside a parallel region. Either may be
/// empty. The model is up to date in on_epoch and after the training, in on_batch only
/// after Trainer::state: steps on sparse rows and those of several ranks leave it behind.
struct TrainCallbacks {
  std::function<Flow(const BatchReport&)> on_batch;
  std::function<Flow(const EpochReport&)> on_epoch;
};

template <class T>
class Training;

/// Trains a model by mini-batch gradient descent, and gives and takes the state from which a
/// training goes on exactly. Not for several threads at once.
template <class T>
class Trainer {
 public:
  /// Model and data are referred to and must outlive the trainer. The model's cost becomes that of
  /// the options, if they name one. Throws as validate does, ConfigError for options without the
  /// rows or the outputs they need, and DataError for data that do not fit.
  Trainer(Model<T>& model, const DataSplit& data, const TrainOptions& options,
          const ParallelOptions& parallel = {});
  /// The same on threads that are there already, whatever parallel.threads says, and together with
  /// other processes: every rank makes a trainer with the same arguments and calls the same
  /// functions of it. Executor and ranks must outlive the trainer. Throws ConfigError for more
  /// ranks than shards, and for several ranks if shards are not added per-shard.
  Trainer(Model<T>& model, const DataSplit& data, const TrainOptions& options,
          const ParallelOptions& parallel, Executor& executor, Ranks& ranks = lone_rank());
  ~Trainer();

  /// Goes on from the state of a training of the same model, data and options (but for the number
  /// of epochs). If it has as many epochs as the options ask for, run ends it after those. Throws
  /// DataError if it cannot be one.
  void resume(const TrainState<T>& state);

  /// Trains until all epochs are completed or something else ends it; after an interruption it may
  /// be called again and goes on. When training diverges, the model is left as it was after the
  /// best epoch if that is kept (StopOptions::restore_best), else after the last good one. Ranks
  /// stop together, as soon as a callback of one of them says so.
  TrainSummary run(const TrainCallbacks& callbacks = {});

  /// Returns the state of now. It may be called within a callback or when run has returned, unless
  /// the training diverged or dropped the begun epoch of a state that had epochs enough. If the
  /// model got the best parameters back, the state still has the last ones. The first rank alone
  /// gets the whole state.
  TrainState<T> state() const;
  /// The same into a state that is there already; allocates only if its arrays do not fit.
  void copy_state(TrainState<T>& to) const;
  /// How far it has come; the seconds by phase are only those from before resume.
  const TrainProgress& progress() const;

 private:
  std::unique_ptr<Executor> own_executor_;  ///< null if the executor is the caller's
  std::unique_ptr<Training<T>> training_;
};

/// Trains the model from start to end. Throws as Trainer does.
TrainSummary train(AnyModel& model, const DataSplit& data, const TrainOptions& options = {},
                   const TrainCallbacks& callbacks = {}, const ParallelOptions& parallel = {});
template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options = {},
                   const TrainCallbacks& callbacks = {}, const ParallelOptions& parallel = {});
/// The same on threads that are there already, whatever parallel.threads says.
template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const ParallelOptions& parallel, Executor& executor,
                   const TrainCallbacks& callbacks = {});

}  // namespace nabla
