// SPDX-License-Identifier: MIT
#include "run/columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "data/csv_tokens.h"

namespace nabla {

RowScores scores_of(const EpochReport& report) {
  return {report.train, report.validation, report.test};
}

const ScoredRows* judged_rows(const RowScores& scores) {
  for (const ScoredRows* rows : kJudgedRows)
    if (scores.*rows->score) return rows;
  return nullptr;
}

std::string name_of_best(const RowScores& scores) {
  const ScoredRows* rows = judged_rows(scores);
  return rows == nullptr || rows == kJudgedRows[0] ? "best"
                                                   : "best on " + std::string(rows->name) + " rows";
}

std::string score_header() {
  std::string text;
  for (const ScoredRows& rows : kScoredRows) {
    const std::string column = rows.column;
    text += (text.empty() ? "" : ",") + column + "_cost," + column + "_accuracy";
  }
  return text;
}

std::string score_cells(const RowScores& scores) {
  std::string text;
  for (const ScoredRows& rows : kScoredRows) {
    const std::optional<Score>& score = scores.*rows.score;
    if (&rows != kScoredRows) text += ",";
    text += score ? write_number(score->cost) + "," + write_number(score->goodness) : ",";
  }
  return text;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",;\t\"\n\r") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

Columns::Columns(const std::filesystem::path& file) {
  CsvTokens tokens = open_csv(file, {.separator = CsvSeparator::kComma});
  if (!tokens.next_row())
    throw DataError(file.string() + ":1: is empty, expected a line with the names of its columns");
  names_.assign(tokens.cells().begin(), tokens.cells().end());
  while (tokens.next_row())
    if (tokens.cells().size() == names_.size())
      rows_.emplace_back(tokens.cells().begin(), tokens.cells().end());
}

std::optional<std::size_t> Columns::index_of(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::string Columns::text(std::size_t row, std::string_view name) const {
  const auto index = index_of(name);
  return index ? rows_[row][*index] : "";
}

std::optional<double> Columns::number(std::size_t row, std::string_view name) const {
  return to_number(text(row, name));
}

RowScores Columns::scores(std::size_t row) const {
  RowScores scores;
  for (const ScoredRows& rows : kScoredRows) {
    const std::string column = rows.column;
    const auto cost = number(row, column + "_cost");
    const auto accuracy = number(row, column + "_accuracy");
    if (cost && accuracy) scores.*rows.score = Score{.cost = *cost, .goodness = *accuracy};
  }
  return scores;
}

std::optional<double> to_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

}  // namespace nabla
