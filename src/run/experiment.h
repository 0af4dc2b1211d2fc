// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/gradient_check.h"
#include "nabla/train/trainer.h"

#include "config/experiment_options.h"
#include "run/stopped_run.h"

namespace nabla {

/// What a run is about to do.
struct RunStart {
  std::vector<std::size_t> widths;  ///< inputs, hidden…, outputs
  Task task;
  std::size_t train_rows;
  std::size_t validation_rows;
  std::size_t test_rows;
  std::filesystem::path folder;
  /// Trained by a run that goes on: epochs completed, and rows in them and in the one after them.
  std::size_t epochs_before = 0;
  std::size_t rows_before = 0;
};

struct RunCallbacks {
  /// Called once, with the data read and the folder claimed. May be empty.
  std::function<void(const RunStart&)> on_start;
  TrainCallbacks train;
  /// Called once the training has ended, before its last files are written. May be empty.
  std::function<void()> on_trained;
  /// Called for what is amiss but ends no training, one line each. May be empty.
  std::function<void(const std::string&)> on_warning;
};

struct RunResult {
  RunStart start;
  TrainSummary summary;
  /// The first file that could not be written, and why; the training went on. Empty: none.
  std::string write_error;
};

/// Reads the data, trains and leaves config.ini, metrics.csv, checkpoints, summary.json and, unless
/// it was interrupted, model.safetensors in the run's folder. A run that fails before its first
/// mini-batch leaves no folder. Throws as load_data, plan_network and Trainer do, and
/// std::system_error where the folder's first files cannot be written; later such failures are
/// warnings, and RunResult::write_error.
RunResult run_training(const ExperimentOptions& options, const RunCallbacks& callbacks);

/// Goes on with a run from its newest good checkpoint, or from its start where it has none, to the
/// bytes of a run that was never stopped. Throws as run_training does, and ConfigError where the
/// checkpoint is of another experiment.
RunResult resume_training(const StoppedRun& run, const RunCallbacks& callbacks);

/// What several runs at a time may share.
struct RunResources {
  const DataSplit& data;  ///< as the options name them
  Executor& executor;     ///< in place of parallel.threads
};

/// The same with data that are read already.
RunResult run_training(const ExperimentOptions& options, const RunResources& resources,
                       const RunCallbacks& callbacks);
RunResult resume_training(const StoppedRun& run, const RunResources& resources,
                          const RunCallbacks& callbacks);

/// Rows that a model was evaluated on.
struct ModelEvaluation {
  Evaluation evaluation;
  std::string rows_name;  ///< "test", "validation" or "training"
  Task task;
  std::vector<std::string> classes;
};

/// The model on the configured test rows, else the validation rows, else the training rows. Throws
/// DataError where their inputs, task or classes are not the model's.
ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options);

/// The gradient check of the configured network and cost on the configured training rows.
std::vector<LayerCheck> run_gradient_check(ExperimentOptions options);

}  // namespace nabla
