// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/scores.h"

#include "report/figures.h"
#include "report/page.h"
#include "run/evaluation.h"

namespace nabla::report {

/// A row that was taken for another class.
struct Mistake {
  std::size_t row;  ///< in the evaluated rows, from 0
  std::uint32_t truth;
  std::uint32_t predicted;
  double confidence;  ///< the output of the predicted class
};

/// The results of a model on some rows.
struct Findings {
  EvaluatedRows rows;
  Scores scores;
  /// Classification: the most confident first, at most kMistakes.
  std::vector<Mistake> mistakes;
  std::size_t mistake_count = 0;
  /// Regression: predictions, [rows × targets].
  Matrix<double> predictions;

  /// Null for a regression.
  const ClassificationScores* classification() const {
    return std::get_if<ClassificationScores>(&scores.of_task);
  }
};

inline constexpr std::size_t kMistakes = 24;

/// The model on the rows_to_evaluate. Throws DataError if they do not fit it.
Findings find(const AnyModel& model, DataSplit data, std::size_t threads);

// Sections about the findings; empty if the task is the other one.

Section confusion_section(const Findings& findings);
/// Precision, recall and F1.
Section classes_section(const Findings& findings);
/// The most confident mistakes, as pictures if the rows are images.
Section mistakes_section(const Findings& findings);
/// Predicted against true values, and residuals.
Section predictions_section(const Findings& findings, Figures& figures);

}  // namespace nabla::report
