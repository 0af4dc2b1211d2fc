// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/ranks.h"
#include "nabla/train/trainer.h"

#include "config/experiment_options.h"
#include "run/data_identity.h"
#include "run/stopped_run.h"

namespace nabla {

/// Returns the warnings of the reading, and a line for each way in which the targets of training
/// rows seem not to be meant: a single class, so many classes that they are rather values or
/// identifiers, a class that seems to be the name of a column, or classes without training rows.
std::vector<std::string> data_warnings(const DataSplit& data);

/// The data and the folder of a run that is about to train.
struct RunStart {
  std::vector<std::size_t> widths;  ///< inputs, hidden…, outputs
  Task task;
  std::size_t train_rows;
  std::size_t validation_rows;
  std::size_t test_rows;
  std::filesystem::path folder;
  /// What each "auto" became (choices_text).
  std::string choices;
  /// Epochs that a run that goes on has completed.
  std::size_t epochs_before = 0;
  /// Epochs after which the training ends.
  std::size_t epochs = 0;
  /// Rows that it has trained on, in those epochs and in the one after them.
  std::size_t rows_before = 0;
};

struct RunCallbacks {
  /// Called once, with the data read and the folder claimed. May be empty.
  std::function<void(const RunStart&)> on_start;
  TrainCallbacks train;
  /// Called once the training has ended, before its last files are written. May be empty.
  std::function<void()> on_trained;
  /// Called with one line for each thing that is amiss but ends no training. May be empty.
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
/// std::system_error if the folder's first files cannot be written; later such failures are
/// warnings, and RunResult::write_error.
///
/// Ranks train together, and all return the result; the first one alone has a folder and calls
/// on_start, on_trained and on_warning. What fails on one of them before the training is a
/// RankError on all. Throws ConfigError, before data are read, if the options are not fit for
/// several ranks.
RunResult run_training(const ExperimentOptions& options, const RunCallbacks& callbacks,
                       Ranks& ranks = lone_rank());

/// Goes on with a run from its newest good checkpoint, or from its start if it has none, to the
/// bytes of a run that was never stopped. Throws as run_training and newest_state do.
RunResult resume_training(const StoppedRun& run, const RunCallbacks& callbacks,
                          Ranks& ranks = lone_rank());

/// Data and executor that several runs at a time may share.
struct RunResources {
  const KnownData& data;  ///< as the options name them
  Executor& executor;     ///< in place of parallel.threads
  Ranks& ranks = lone_rank();
};

/// The same with data that are read already.
RunResult run_training(const ExperimentOptions& options, const RunResources& resources,
                       const RunCallbacks& callbacks);
RunResult resume_training(const StoppedRun& run, const RunResources& resources,
                          const RunCallbacks& callbacks);

}  // namespace nabla
