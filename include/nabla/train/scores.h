// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/score_curves.h"

namespace nabla {

// The scores of a model on some rows, as scikit-learn defines them (docs/scores.md). A score that
// is undefined for the rows is NaN.

/// How well the predictions of one class meet its rows, each from 0 to 1. precision is undefined if
/// no row is predicted to be of the class, recall if no row is, f1 if neither is.
struct ClassScores {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  std::size_t rows = 0;  ///< that are of the class
};

/// The rows of one class that were predicted to be of one class.
struct ConfusionCell {
  std::uint32_t truth = 0;
  std::uint32_t predicted = 0;
  std::size_t rows = 0;

  bool operator==(const ConfusionCell&) const = default;
};

struct ClassificationScores {
  double accuracy = 0;  ///< Score::goodness
  /// Mean recall of the classes that have rows.
  double balanced_accuracy = 0;
  /// Mean of −ln p, p being the probability that the model gives to the row's class. Undefined
  /// unless the outputs are softmax, or sigmoid, which are divided by their sum.
  double log_loss = 0;
  /// Area under the ROC curve by the same probabilities: with two classes of the second one, else
  /// the mean over the classes of each against the rest. Undefined if a class has no row or all.
  double roc_auc = 0;
  /// Fraction of rows whose class is among the five largest outputs. Undefined below ten classes.
  double top5 = 0;
  /// Matthews correlation coefficient, −1 to 1; 0 if all rows are of one class or predicted to be.
  double mcc = 0;
  std::vector<ClassScores> classes;
  /// Means of the scores of classes that are in the rows or in the predictions; an undefined one
  /// counts as 0. `weighted` counts each class by its rows.
  ClassScores macro;
  ClassScores weighted;
  /// The cells of the confusion matrix that are not 0, by `truth`, then by `predicted`.
  std::vector<ConfusionCell> confusion;
  /// One for each class against the rest, with two classes for the second one alone. None unless
  /// the outputs are probabilities, as for log_loss.
  std::vector<ThresholdCurve> curves;
  /// The predicted class's probability against how often it is the row's; with two classes the
  /// second one's. None as for `curves`.
  std::vector<CalibrationBin> calibration;
};

/// The errors of a target in its unit.
struct TargetScores {
  double rmse = 0;  ///< root mean squared error
  double mae = 0;   ///< mean absolute error
  double r2 = 0;    ///< coefficient of determination; undefined for one row
  double median_absolute_error = 0;
};

/// The errors of all targets together: rmse is Evaluation::rmse, mae Evaluation::mae and r2
/// Score::goodness, which weights each target's by its variance; median_absolute_error is the mean
/// of the targets'.
struct RegressionScores : TargetScores {
  std::vector<TargetScores> targets;
};

/// A label's scores are those of the rows with the label.
struct MultiLabelScores {
  double subset_accuracy = 0;  ///< Score::goodness
  double hamming_loss = 0;     ///< fraction of wrong labels
  /// F1 of all labels of all rows counted together; undefined if no row has a label or is predicted
  /// to have one.
  double f1_micro = 0;
  std::vector<ClassScores> labels;
  /// Means of the labels' scores; an undefined one counts as 0.
  ClassScores macro;
  std::vector<ThresholdCurve> curves;       ///< of each label
  std::vector<CalibrationBin> calibration;  ///< of all labels of all rows together
};

struct Scores {
  std::size_t rows = 0;
  double cost = 0;  ///< Score::cost
  std::variant<ClassificationScores, RegressionScores, MultiLabelScores> of_task;
};

/// Evaluates the model as `evaluate` does, and computes all scores in memory that grows with the
/// rows but not with rows times classes. Throws as `evaluate` does.
Scores score(const AnyModel& model, const Dataset& data, const ParallelOptions& parallel = {});
/// The same on threads that are there already.
template <class T>
Scores score(const Model<T>& model, const Dataset& data, Executor& executor);

}  // namespace nabla
