// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/engine/phase_seconds.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/train_state.h"

namespace nabla {

// The columns of the CSV files in a run's folder: their names, and their cells as texts.

/// The scores of an epoch or of a run, as far as they were measured.
struct RowScores {
  std::optional<Score> train;
  std::optional<Score> validation;
  std::optional<Score> test;
};

RowScores scores_of(const EpochReport& report);

/// Rows that are scored. Their columns are "train_cost" and "train_accuracy".
struct ScoredRows {
  const char* column;  ///< "train"
  const char* name;    ///< "training", for people
  std::optional<Score> RowScores::*score;
};

/// In the order of the columns.
inline constexpr ScoredRows kScoredRows[] = {{"train", "training", &RowScores::train},
                                             {"validation", "validation", &RowScores::validation},
                                             {"test", "test", &RowScores::test}};

/// A run is judged by the first of these rows that have a score.
inline constexpr const ScoredRows* kJudgedRows[] = {&kScoredRows[1], &kScoredRows[2],
                                                    &kScoredRows[0]};

/// Returns the rows that the run is judged by, null if there are no scores.
const ScoredRows* judged_rows(const RowScores& scores);

/// Returns the name of an epoch that is best by these scores: "best" on validation rows, else "best
/// on test rows" or "best on training rows", because only validation rows may choose.
std::string name_of_best(const RowScores& scores);

/// "train_cost,train_accuracy,validation_cost,…"
std::string score_header();
/// The cells below score_header; those of scores that were not measured are empty.
std::string score_cells(const RowScores& scores);

/// The text as a cell of a CSV file, quoted if it holds a separator, a quote or a line break.
std::string csv_cell(const std::string& text);

/// A phase of training as columns and tables call it.
struct NamedPhase {
  const char* name;
  double PhaseSeconds::*seconds;
};

/// In the order in which they happen.
inline constexpr NamedPhase kPhases[] = {
    {"gather", &PhaseSeconds::gather},     {"feedforward", &PhaseSeconds::feedforward},
    {"backprop", &PhaseSeconds::backprop}, {"reduce_step", &PhaseSeconds::reduce_step},
    {"exchange", &PhaseSeconds::exchange}, {"idle", &PhaseSeconds::idle},
    {"other", &PhaseSeconds::other},
};

/// A CSV file with a header.
class Columns {
 public:
  Columns() = default;
  /// Leaves out lines with fewer or more cells than the header, as a run that was killed may leave
  /// them. Throws DataError naming the file if it cannot be read or has no header.
  explicit Columns(const std::filesystem::path& file);

  const std::vector<std::string>& names() const { return names_; }
  std::size_t rows() const { return rows_.size(); }
  bool has(std::string_view name) const { return index_of(name).has_value(); }

  /// Empty if there is no such column.
  std::string text(std::size_t row, std::string_view name) const;
  /// The finite number of the cell, if it is one.
  std::optional<double> number(std::size_t row, std::string_view name) const;
  /// The scores in the cells below score_header.
  RowScores scores(std::size_t row) const;

 private:
  std::optional<std::size_t> index_of(std::string_view name) const;

  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

/// The finite number that the whole text is, if it is one.
std::optional<double> to_number(std::string_view text);

}  // namespace nabla
