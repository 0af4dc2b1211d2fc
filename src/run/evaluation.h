// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"
#include "nabla/train/cross_validation.h"
#include "nabla/train/gradient_check.h"
#include "nabla/train/importance.h"
#include "nabla/train/scores.h"

#include "config/experiment_options.h"

namespace nabla {

/// The rows that a model is evaluated on.
struct EvaluatedRows {
  Dataset data;
  std::string name;  ///< "test", "validation" or "training"
};

/// Returns the test rows, or if there are none the validation rows, or else the training rows.
EvaluatedRows rows_to_evaluate(DataSplit data);

/// The scores of a model on rows of an experiment.
struct ModelEvaluation {
  Scores scores;
  ZeroRule zero_rule;                ///< of the experiment's training rows
  std::string rows_name;             ///< as EvaluatedRows::name
  std::vector<std::string> outputs;  ///< names of the model's classes, targets or labels
  std::vector<ColumnImportance> importance = {};  ///< the largest first; empty if not asked for
  std::vector<std::string> warnings = {};         ///< those about reading the rows
};

/// Scores the model on the configured rows_to_evaluate. Throws as require_matching does. Ranks
/// divide the rows among themselves; all return the result, or throw a RankError if one cannot read
/// them.
ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options,
                               bool with_importance = false, Ranks& ranks = lone_rank());

/// The largest number of classes whose confusion matrix is shown cell by cell.
inline constexpr std::size_t kMatrixClasses = 20;

/// The confusion matrix, [classes × classes], (true, predicted) in rows.
Matrix<std::uint32_t> confusion_matrix(const ClassificationScores& scores);
/// The cells off its diagonal, most rows first.
std::vector<ConfusionCell> most_confused(const ClassificationScores& scores);

/// The figures of `evaluate --json` (docs/scores.md).
nlohmann::ordered_json evaluation_json(const ModelEvaluation& evaluation);

/// Checks the gradient of the configured network and cost on the configured training rows.
std::vector<LayerCheck> run_gradient_check(ExperimentOptions options);

}  // namespace nabla
