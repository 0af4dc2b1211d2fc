// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/scores.h"

#include "data/csv_texts.h"
#include "report/figures.h"
#include "report/page.h"
#include "run/evaluation.h"

namespace nabla::report {

/// A row that was taken for another class.
struct Mistake {
  std::uint32_t row;  ///< in the evaluated rows, from 0
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
  /// Classification and multi-label: rows of another class, or with a wrong label.
  std::size_t mistake_count = 0;
  /// Regression and multi-label: predictions, [rows × targets].
  Matrix<double> predictions;
  /// At most kMistakes rows, the worst first. Regression: those with the largest errors; of several
  /// targets the errors are divided by the targets' deviations. Multi-label: those with the most
  /// wrong labels; of equals the one whose outputs are farther from them.
  std::vector<std::uint32_t> worst;
  /// The cells of the mistakes, or of the worst rows, of a table; else empty.
  std::vector<CsvTexts> cells;

  /// Null for a regression.
  const ClassificationScores* classification() const {
    return std::get_if<ClassificationScores>(&scores.of_task);
  }
};

inline constexpr std::size_t kMistakes = 24;

/// The model on the rows_to_evaluate of `data`, which these options read. Throws DataError if they
/// do not fit it.
Findings find(const AnyModel& model, DataSplit data, const DataOptions& options,
              std::size_t threads);

// Sections about the findings; empty if the task is the other one.

Section confusion_section(const Findings& findings);
/// Precision, recall and F1.
Section classes_section(const Findings& findings);
/// The most confident mistakes, as pictures if the rows are images, or the rows with the most wrong
/// labels.
Section mistakes_section(const Findings& findings);
/// Predicted against true values, and residuals.
Section predictions_section(const Findings& findings, Figures& figures);

}  // namespace nabla::report
