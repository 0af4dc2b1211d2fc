// SPDX-License-Identifier: MIT
#include "report/curves.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <limits>

#include "report/html.h"
#include "report/numbers.h"

namespace nabla::report {

namespace {

/// Epochs in the table; more are thinned out.
constexpr std::size_t kTableRows = 200;

std::string curve(const RunFiles& run, Plot plot, const char* score, double factor,
                  Figures& figures) {
  plot.x_label = "epoch";
  plot.whole_x = true;
  plot.marked_x = run.best_epoch();
  for (std::size_t i = 0; i < std::size(kScoredRows); ++i) {
    Series series = curve_of(run, kScoredRows[i].column + std::string("_") + score, factor);
    series.name = kScoredRows[i].name;
    series.colour = colour_of(i);
    if (!series.points.empty()) plot.series.push_back(std::move(series));
  }
  settle_scale(plot);
  return figures.add(std::move(plot));
}

/// The columns of metrics.csv: the epoch, its scores, the rest.
std::vector<std::string> columns_of(const Columns& metrics) {
  std::vector<std::string> names = metrics.names();
  const auto rank = [](const std::string& name) {
    if (name == "epoch") return 0;
    return name.ends_with("_accuracy") ? 1 : name.ends_with("_cost") ? 2 : 3;
  };
  std::ranges::stable_sort(names, {}, rank);
  return names;
}

std::string epoch_table(const RunFiles& run, bool is_open) {
  Table table;
  const std::vector<std::string> names = columns_of(run.metrics);
  for (const std::string& name : names) table.head.push_back(figure_name(name, run.task()));
  const std::size_t rows = run.metrics.rows();
  const std::size_t stride = (rows + kTableRows - 1) / kTableRows;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % stride != 0 && row + 1 != rows) continue;
    std::vector<Cell> cells;
    for (const std::string& name : names) {
      const auto value = run.metrics.number(row, name);
      cells.push_back(value ? number_cell(*value, name == "samples_per_second"
                                                      ? with_thousands(*value)
                                                      : general(*value, 5))
                            : text_cell(run.metrics.text(row, name)));
    }
    table.rows.push_back(std::move(cells));
  }
  return std::string("<details") + (is_open ? " open" : "") + "><summary>Figures by epoch" +
         (stride > 1 ? ", every " + std::to_string(stride) + "th" : "") + "</summary>" +
         table_html(table) + "</details>\n";
}

}  // namespace

Series curve_of(const RunFiles& run, const std::string& column, double factor) {
  constexpr std::size_t kPoints = 400;
  constexpr std::size_t kMarkedPoints = 40;
  Series series;
  const Columns& metrics = run.metrics;
  const auto best = run.best_epoch();
  for (std::size_t row = 0; row < metrics.rows(); ++row) {
    const auto epoch = metrics.number(row, "epoch");
    const auto value = metrics.number(row, column);
    if (epoch && value) series.points.emplace_back(*epoch, *value * factor);
  }
  const std::size_t stride = (series.points.size() + kPoints - 1) / kPoints;
  if (stride > 1) {
    std::vector<std::pair<double, double>> kept;
    for (std::size_t i = 0; i < series.points.size(); ++i)
      if (i % stride == 0 || i + 1 == series.points.size() || series.points[i].first == best)
        kept.push_back(series.points[i]);
    series.points = std::move(kept);
  }
  series.draw = series.points.size() <= kMarkedPoints ? Draw::kLineAndPoints : Draw::kLine;
  return series;
}

void settle_scale(Plot& plot) {
  double smallest = std::numeric_limits<double>::infinity(), largest = -smallest;
  for (const Series& series : plot.series)
    for (const auto& [x, y] : series.points) {
      smallest = std::min(smallest, y);
      largest = std::max(largest, y);
    }
  if (smallest > 0 && largest > 30 * smallest) plot.log_y = true;
  if (smallest < -1 && largest > 0 && largest <= 1) plot.y_from = -1;
}

Section curves_section(const RunFiles& run, Figures& figures) {
  Section section{"curves", "Curves", "", true};
  if (run.metrics.rows() == 0) return section;
  const bool is_regression = run.task() == Task::kRegression;
  std::string accuracy = accuracy_name(run.task());
  accuracy.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(accuracy.front())));
  std::string plots = curve(run, {.title = "Cost"}, "cost", 1, figures);
  plots += curve(run, {.title = accuracy + (is_regression ? "" : " in %")}, "accuracy",
                 is_regression ? 1 : 100, figures);
  Plot rate{.title = "Learning rate", .x_label = "epoch", .whole_x = true};
  rate.series = {curve_of(run, "learning_rate")};
  rate.series[0].colour = "c4";
  rate.y_from = 0;
  const bool is_constant =
      std::ranges::adjacent_find(rate.series[0].points, std::ranges::not_equal_to{},
                                 &std::pair<double, double>::second) == rate.series[0].points.end();
  if (!is_constant) plots += figures.add(std::move(rate));
  Plot speed{.title = "Samples per second, in thousands", .x_label = "epoch", .whole_x = true};
  speed.series = {curve_of(run, "samples_per_second", 1e-3)};
  speed.series[0].colour = "c5";
  speed.y_from = 0;
  plots += figures.add(std::move(speed));
  const auto best = run.best_epoch();
  if (best)
    section.html +=
        paragraph("Epoch " + general(*best, 10) + " is the " + name_of_best(run.scores("best_")) +
                  (plots.empty() ? "." : ", the dashed line.") +
                  " Training figures are means over an epoch as seen while training.");
  section.html += plots_html(plots) + epoch_table(run, plots.empty());
  return section;
}

}  // namespace nabla::report
