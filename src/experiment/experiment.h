// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/gradient_check.h"
#include "nabla/train/trainer.h"

#include "experiment/experiment_options.h"

namespace nabla {

/// What a run is about to do.
struct RunStart {
  std::vector<std::size_t> widths;  ///< inputs, hidden…, outputs
  Task task;
  std::size_t train_rows;
  std::size_t validation_rows;
  std::size_t test_rows;
  std::filesystem::path folder;
};

struct RunCallbacks {
  /// Called once, with the data read and the folder claimed. May be empty.
  std::function<void(const RunStart&)> on_start;
  TrainCallbacks train;
};

struct RunResult {
  RunStart start;
  TrainSummary summary;
};

/// Reads the data, trains and leaves config.ini, metrics.csv, summary.json and, unless it was
/// interrupted, model.safetensors in the run's folder. A run that fails before its first
/// mini-batch leaves no folder. Throws as load_data, plan_network and train do, and
/// std::system_error naming a file that cannot be written.
RunResult run_training(const ExperimentOptions& options, const RunCallbacks& callbacks);

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

/// The configured data as the model knows them: CSV files with its classes and its task. Throws as
/// load_data does.
DataSplit load_data_for(const AnyModel& model, const ExperimentOptions& options);

/// The gradient check of the configured network and cost on the configured training rows.
std::vector<LayerCheck> run_gradient_check(ExperimentOptions options);

}  // namespace nabla
