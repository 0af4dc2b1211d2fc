// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/data/folds.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/model.h"
#include "nabla/model/network_options.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/train_options.h"
#include "nabla/train/trainer.h"

namespace nabla {

/// The score on some rows of a guess that does not look at the features.
struct ZeroRule {
  double goodness = 0;  ///< as Score::goodness
  double rmse = 0;      ///< of a regression, else 0
};

/// Always the most frequent class of the training rows, the first of equals; for a regression
/// always the mean of their targets, for multi-label always the labels that more than half of them
/// have. Either data set needs one row or more.
ZeroRule zero_rule(const Dataset& train, const Dataset& test);

/// One training of a cross-validation.
struct FoldResult {
  std::size_t repeat = 0;  ///< from 1
  std::size_t fold = 0;    ///< from 1
  std::size_t train_rows = 0;
  std::size_t test_rows = 0;
  TrainSummary summary;
  /// The trained model on the fold's test rows. Without meaning if the fold diverged.
  Evaluation evaluation;
  /// Of all rows that are cut into folds. Of the training rows alone it would be worse than chance:
  /// of balanced classes the most frequent one there is the rarest in the fold.
  ZeroRule zero_rule;
};

/// The result of a cross-validation.
struct CrossValidation {
  /// Folds that ended, by repeat and fold; all of them unless it was interrupted.
  std::vector<FoldResult> folds;
  bool interrupted = false;
};

/// The trainings that a cross-validation is about to do.
struct CrossValidationStart {
  std::vector<std::size_t> widths;  ///< inputs, hidden…, outputs
  Task task;
  std::size_t rows;       ///< that are cut into folds
  std::size_t trainings;  ///< folds · repeats
  std::size_t at_once;    ///< folds trained side by side
};

/// Any may be empty.
struct CrossValidationCallbacks {
  /// Once, on the calling thread, when data and options have been found fit.
  std::function<void(const CrossValidationStart&)> on_start;
  /// When a fold has ended, in any order: one call at a time, on the thread that trained the fold.
  std::function<void(const FoldResult&)> on_fold;
  /// After each mini-batch with the number of its training, from 0 over all repeats; from several
  /// threads at once.
  std::function<void(std::size_t training, const BatchReport&)> on_batch;
  /// Asked after each mini-batch, from several threads at once.
  std::function<bool()> stop;
};

/// Cross-validates the models that make_model makes of these options: trains on all folds but one
/// and evaluates on that one, for each fold of each repeat. The rows are those of data.train; those
/// of data.validation are in no fold and are the validation rows of each training; data.test is
/// left aside. Training i, from 0 over all repeats, has the seed options.seed + i. Folds with
/// little work per mini-batch train side by side, one thread each; others one after another on all
/// threads. The figures are the same for any number of threads. Throws as assign_folds, make_model,
/// Trainer and evaluate do.
CrossValidation cross_validate(const DataSplit& data, const FoldOptions& folds,
                               const NetworkOptions& network, const TrainOptions& options = {},
                               const DataOptions& source = {}, const ParallelOptions& parallel = {},
                               const CrossValidationCallbacks& callbacks = {});

/// Makes the model that a fold starts from: its preprocessing fitted on these rows, which are the
/// fold's training rows, its parameters drawn from the seed. Called from several threads at once.
template <class T>
using ModelMaker = std::function<Model<T>(const Dataset& train, std::uint64_t seed)>;

/// A part of the trainings, for one of several processes that share them.
struct TrainingsPart {
  std::size_t first = 0;  ///< training, from 0 over all repeats
  std::size_t step = 1;   ///< to the next one
};

/// The same of models that `make` makes, on threads that are there already. The result has the
/// folds of the part, of which it may be none.
template <class T>
CrossValidation cross_validate(const DataSplit& data, const FoldOptions& folds,
                               const ModelMaker<T>& make, const TrainOptions& train,
                               const ParallelOptions& parallel, Executor& executor,
                               const CrossValidationCallbacks& callbacks = {},
                               const TrainingsPart& part = {});

/// Mean and standard deviation (of a sample, n − 1; NaN below two values).
struct MeanDeviation {
  double mean;
  double deviation;
};
MeanDeviation mean_and_deviation(const std::vector<double>& values);

}  // namespace nabla
