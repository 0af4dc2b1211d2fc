// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "report/curves.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/run_sections.h"

namespace nabla::report {

namespace {

/// Epochs in the table; more are thinned out.
constexpr std::size_t kTableRows = 200;

struct Rows {
  const char* column;
  const char* name;
  const char* colour;
};
constexpr Rows kRows[] = {
    {"train", "training", "c1"}, {"validation", "validation", "c2"}, {"test", "test", "c3"}};

std::string curve(const RunFiles& run, Plot plot, const char* measure, double factor,
                  Figures& figures) {
  plot.x_label = "epoch";
  plot.marked_x = run.best_epoch();
  for (const auto& [column, name, colour] : kRows) {
    Series series = curve_of(run, column + std::string("_") + measure, factor);
    series.name = name;
    series.colour = colour;
    if (!series.points.empty()) plot.series.push_back(std::move(series));
  }
  settle_scale(plot);
  return figures.add(std::move(plot));
}

std::string epoch_table(const RunFiles& run, bool is_open) {
  Table table;
  for (std::string name : run.metrics.names()) {
    std::ranges::replace(name, '_', ' ');
    table.head.push_back(name);
  }
  const std::size_t rows = run.metrics.rows();
  const std::size_t stride = (rows + kTableRows - 1) / kTableRows;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % stride != 0 && row + 1 != rows) continue;
    std::vector<Cell> cells;
    for (const std::string& name : run.metrics.names()) {
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

Section curves_section(const RunFiles& run, Figures& figures) {
  Section section{"curves", "Curves", ""};
  if (run.metrics.rows() == 0) return section;
  const bool classifies = run.task() == Task::kClassification;
  std::string plots = curve(run, {.title = "Cost"}, "cost", 1, figures);
  plots += curve(run, {.title = classifies ? "Accuracy in %" : "R²"}, "accuracy",
                 classifies ? 100 : 1, figures);
  Plot rate{.title = "Learning rate", .x_label = "epoch"};
  rate.series = {curve_of(run, "learning_rate")};
  rate.series[0].colour = "c4";
  rate.y_from = 0;
  plots += figures.add(std::move(rate));
  Plot speed{.title = "Samples per second, in thousands", .x_label = "epoch"};
  speed.series = {curve_of(run, "samples_per_second", 1e-3)};
  speed.series[0].colour = "c5";
  speed.y_from = 0;
  plots += figures.add(std::move(speed));
  const auto best = run.best_epoch();
  if (best)
    section.html += paragraph("The best epoch is " + general(*best, 10) +
                              (plots.empty() ? "." : ", the dashed line.") +
                              " Training figures are means over an epoch as seen while training.");
  section.html += plots_html(plots) + epoch_table(run, plots.empty());
  return section;
}

}  // namespace nabla::report
