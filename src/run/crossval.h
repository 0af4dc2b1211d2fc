// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/train/cross_validation.h"

#include "config/experiment_options.h"

namespace nabla {

struct CrossvalResult {
  std::filesystem::path folder;
  Task task;
  CrossValidation validation;
  /// The first file that could not be written, and why; the trainings went on. Empty: none.
  std::string write_error;
};

struct CrossvalCallbacks : CrossValidationCallbacks {
  /// For each time that a file cannot be written, as on_fold. May be empty.
  std::function<void(const std::string&)> on_warning;
};

/// Cross-validates the experiment on its training rows; validation rows, where it has some, are in
/// no fold and watch every training, test rows are left aside. Leaves config.ini, crossval.csv,
/// which is replaced as each fold ends, and summary.json in a folder of its own. What fails before
/// the first mini-batch leaves no folder. Throws as load_data, plan_network and cross_validate do.
/// A training that diverged is no error here; its FoldResult says so. Nor is a file that cannot be
/// written once the first mini-batch has been.
CrossvalResult run_crossval(const ExperimentOptions& options, const CrossvalCallbacks& callbacks);

/// A figure of every fold that did not diverge, under its column name.
struct FoldFigure {
  const char* name;
  std::vector<double> values;
};

/// "accuracy" or "r2", "cost", of a regression "rmse" and "mae", then "zero_rule" and, of a
/// regression, "zero_rule_rmse".
std::vector<FoldFigure> fold_figures(Task task, const std::vector<FoldResult>& folds);

/// The folds as the text of crossval.csv.
std::string crossval_csv(Task task, const std::vector<FoldResult>& folds);

/// The text of summary.json.
std::string crossval_json(const CrossvalResult& result, const ExperimentOptions& options,
                          std::size_t threads);

}  // namespace nabla
