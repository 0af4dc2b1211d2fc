// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/gradient_check.h"

#include "config/experiment_options.h"

namespace nabla {

/// The rows that a model is evaluated on.
struct EvaluatedRows {
  Dataset data;
  std::string name;  ///< "test", "validation" or "training"
};

/// Returns the test rows, or if there are none the validation rows, or else the training rows.
EvaluatedRows rows_to_evaluate(DataSplit data);

struct ModelEvaluation {
  Evaluation evaluation;
  std::string rows_name;  ///< as EvaluatedRows::name
  Task task;
  std::vector<std::string> classes;
};

/// Evaluates the model on the configured rows_to_evaluate. Throws as require_matching does.
ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options);

/// How well the predictions of one class meet its rows. A share of no rows is NaN.
struct ClassScores {
  double precision;
  double recall;
  double f1;
  std::size_t rows;  ///< of the class
};

/// The scores of each class, from a confusion matrix [classes × classes], confusion(true,
/// predicted).
std::vector<ClassScores> class_scores(const Matrix<std::uint32_t>& confusion);

/// Checks the gradient of the configured network and cost on the configured training rows.
std::vector<LayerCheck> run_gradient_check(ExperimentOptions options);

}  // namespace nabla
