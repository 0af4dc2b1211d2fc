// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/train/cross_validation.h"

#include "config/experiment_options.h"
#include "run/data_identity.h"
#include "run/training_run.h"

namespace nabla {

struct CrossvalResult {
  std::filesystem::path folder;
  Task task;
  CrossValidation validation;
  /// The first file that could not be written, and why; the trainings went on. Empty: none.
  std::string write_error;
  DataIdentity data;
};

struct CrossvalCallbacks : CrossValidationCallbacks {
  /// For each time that a file cannot be written, as on_fold. May be empty.
  std::function<void(const std::string&)> on_warning;
  /// Called before the first training with what each "auto" became there (choices_text), unless
  /// none did. May be empty.
  std::function<void(const std::string&)> on_choices;
};

/// Cross-validates the experiment on its training rows. Validation rows are in no fold and watch
/// each training; test rows are left aside. Leaves config.ini, crossval.csv, which is replaced as
/// each fold ends, and summary.json in a folder of its own. A cross-validation that fails before
/// its first mini-batch leaves no folder. Throws as load_data, plan_network and cross_validate do.
/// A training that diverges is not an error here; its FoldResult says so. A file that cannot be
/// written after the first mini-batch is a warning, and CrossvalResult::write_error.
///
/// Ranks deal the trainings among themselves. The first one alone has a folder, calls back, but for
/// `stop`, and returns the folds of all; what fails on one of them is a RankError on all.
CrossvalResult run_crossval(const ExperimentOptions& options, const CrossvalCallbacks& callbacks,
                            Ranks& ranks = lone_rank());

/// The same with data and threads that are there already; the data's test rows are left aside.
CrossvalResult run_crossval(const ExperimentOptions& options, const RunResources& resources,
                            const CrossvalCallbacks& callbacks);

/// A score of each fold: a column of crossval.csv.
struct FoldScore {
  const char* column;
  const char* name;  ///< for people
  bool is_accuracy;  ///< or R²
  double (*of)(const FoldResult&);
};

/// All scores, in the order of their columns: "accuracy" of a classification or "r2" of a
/// regression, "cost", of a regression "rmse" and "mae", then "zero_rule" and, of a regression,
/// "zero_rule_rmse".
std::span<const FoldScore> fold_scores();

/// A score's values, one for each fold that did not diverge.
struct FoldFigure {
  const FoldScore* score;
  std::vector<double> values;
};

/// The figures of the scores that the task has.
std::vector<FoldFigure> fold_figures(Task task, const std::vector<FoldResult>& folds);

/// The folds as the text of crossval.csv.
std::string crossval_csv(Task task, const std::vector<FoldResult>& folds);

/// The text of summary.json.
std::string crossval_json(const CrossvalResult& result, const ExperimentOptions& options,
                          std::size_t threads);

}  // namespace nabla
