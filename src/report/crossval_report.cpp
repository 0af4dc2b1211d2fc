// SPDX-License-Identifier: MIT
#include "report/crossval_report.h"

#include <algorithm>

#include "nabla/train/cross_validation.h"

#include "report/figures.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/run_report.h"
#include "run/crossval.h"

namespace nabla::report {

namespace {

/// The heading of a column of crossval.csv.
std::string heading_of(std::string column) {
  for (const FoldScore& score : fold_scores())
    if (column == score.column) return score.name;
  std::ranges::replace(column, '_', ' ');
  return column;
}

std::vector<double> values_of(const Columns& table, const std::string& column) {
  std::vector<double> values;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (const auto value = table.number(row, column)) values.push_back(*value);
  return values;
}

/// The score of each training in order, beside that of the zero rule.
std::string picture(const Columns& table, Figures& figures) {
  const std::string score = table.has("accuracy") ? "accuracy" : "r2";
  Plot plot{.title = "Score of each training", .x_label = "training", .whole_x = true};
  Series scores{.name = heading_of(score), .draw = Draw::kPoints};
  Series rule{.name = "zero rule", .draw = Draw::kPoints, .colour = "axis"};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto place = static_cast<double>(row + 1);
    if (const auto value = table.number(row, score)) scores.points.emplace_back(place, *value);
    if (const auto value = table.number(row, "zero_rule")) rule.points.emplace_back(place, *value);
  }
  plot.x_range = {0, static_cast<double>(table.rows() + 1)};
  plot.series = {std::move(scores), std::move(rule)};
  return figures.add(std::move(plot));
}

Section scores_section(const Columns& table, Figures& figures) {
  Section section{"scores", "Scores", "", true};
  Table means;
  means.head = {"score", "mean", "standard deviation"};
  for (const FoldScore& score : fold_scores()) {
    const std::vector<double> values = values_of(table, score.column);
    if (values.empty()) continue;
    const MeanDeviation figure = mean_and_deviation(values);
    means.rows.push_back({text_cell(score.name), number_cell(figure.mean, general(figure.mean)),
                          values.size() > 1
                              ? number_cell(figure.deviation, general(figure.deviation))
                              : text_cell("n/a")});
  }
  if (means.rows.empty()) return section;
  section.html =
      paragraph(
          "Of the test rows of each fold. Zero rule: always the most frequent class of the "
          "training rows, for a regression their mean.") +
      table_html(means) + plots_html(picture(table, figures));
  return section;
}

Section folds_section(const Columns& table) {
  Section section{"folds", "Folds", ""};
  if (table.rows() == 0) return section;
  Table shown;
  shown.sortable = true;
  // The columns of scores that the task does not have are empty.
  std::vector<std::string> names = table.names();
  std::erase_if(names, [&](const std::string& name) {
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (!table.text(row, name).empty()) return false;
    return true;
  });
  const auto is_score = [](const std::string& name) {
    return std::ranges::any_of(fold_scores(),
                               [&](const FoldScore& score) { return name == score.column; });
  };
  std::ranges::stable_sort(names, {}, [&](const std::string& name) {
    return name == "repeat" || name == "fold" ? 0 : is_score(name) ? 1 : 2;
  });
  for (const std::string& name : names) shown.head.push_back(heading_of(name));
  for (std::size_t row = 0; row < table.rows(); ++row) {
    shown.rows.emplace_back();
    for (const std::string& name : names) {
      const auto value = table.number(row, name);
      shown.rows.back().push_back(value ? number_cell(*value, general(*value, 6))
                                        : text_cell(table.text(row, name)));
    }
  }
  section.html = table_html(shown);
  return section;
}

}  // namespace

Report crossval_report(const std::filesystem::path& folder) {
  const Columns table(folder / "crossval.csv");
  const RunFiles run = read_run(folder, false);
  Figures figures;
  std::vector<Section> sections = {summary_section(run, {}), scores_section(table, figures),
                                   folds_section(table), config_section(run)};
  return make_report(run.name, "A cross-validation by nabla: " + run.status(), std::move(sections),
                     figures);
}

}  // namespace nabla::report
