// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/engine/phase_seconds.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// What a callback answers. An epoch that is stopped after its last mini-batch is complete: it is
/// evaluated and reported before the training ends.
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

/// After an epoch: one line of metrics.csv.
struct EpochReport {
  std::size_t epoch = 0;  ///< from 1
  double seconds = 0;     ///< training time of this epoch
  double samples_per_second = 0;
  double learning_rate = 0;
  Score train;  ///< means over the epoch's rows as seen during training
  std::optional<Score> validation;
  std::optional<Score> test;
};

enum class TrainStatus { kCompleted, kInterrupted, kDiverged };
std::string_view name_of(TrainStatus status);

/// What was asked for and what was used.
struct TrainSummary {
  TrainStatus status = TrainStatus::kCompleted;
  /// Epochs completed.
  std::size_t epochs = 0;
  EpochReport last;
  /// The epoch of the best validation accuracy, else test accuracy, else training accuracy; the
  /// first of equals.
  EpochReport best;
  double train_seconds = 0;
  double samples_per_second = 0;
  PhaseSeconds phase_seconds;
  std::size_t threads = 0;
  std::size_t shards = 0;
  Reduction reduction = Reduction::kAuto;
  std::size_t parameters = 0;
  /// kDiverged: where, from 1.
  std::size_t diverged_epoch = 0;
  std::size_t diverged_batch = 0;
};

/// Called on the thread that runs the training, never inside a parallel region. Either may be
/// empty.
struct TrainCallbacks {
  std::function<Flow(const BatchReport&)> on_batch;
  std::function<Flow(const EpochReport&)> on_epoch;
};

/// Trains a model by mini-batch stochastic gradient descent. The data must outlive the call.
/// When training diverges, the model is left as it was after the last good epoch.
/// Throws ConfigError for options out of range and DataError for data that do not fit.
template <class T>
TrainSummary train(Model<T>& model, const DataSplit& data, const TrainOptions& options,
                   const ParallelOptions& parallel, Executor& executor,
                   const TrainCallbacks& callbacks = {});

}  // namespace nabla
