// SPDX-License-Identifier: MIT
#include "report/comparison_report.h"

#include <algorithm>

#include "report/curves.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/sweep_sections.h"

namespace nabla::report {

namespace {

constexpr std::size_t kDashStyles = 4;
/// More curves than this tell nothing apart; the best are drawn.
constexpr std::size_t kCurves = kColours * kDashStyles;

int dash_of(std::size_t place) {
  const int turn = static_cast<int>(place / kColours % kDashStyles);
  return turn == 0 ? 0 : turn + 1;
}

/// The runs by the figure, the best first; those without it last.
std::vector<ComparedRun> ranked(std::vector<ComparedRun> runs, const std::string& figure) {
  std::ranges::stable_sort(runs, [&](const ComparedRun& a, const ComparedRun& b) {
    const auto x = a.figure(figure), y = b.figure(figure);
    if (!x || !y) return x.has_value() && !y.has_value();
    return is_cost(figure) ? *x < *y : *x > *y;
  });
  return runs;
}

std::vector<std::string> figures_of(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> names;
  for (const ComparedRun& run : runs)
    for (const auto& [name, value] : run.figures)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

/// Whether all runs have a number there.
bool is_numeric(const std::vector<ComparedRun>& runs, const std::string& key) {
  return std::ranges::all_of(
      runs, [&](const auto& run) { return to_number(run.setting(key)).has_value(); });
}

Section summary_section(const std::vector<ComparedRun>& runs, const std::vector<std::string>& keys,
                        const std::string& figure, Task task) {
  Section section{"summary", "Runs", ""};
  const auto best = runs.front().figure(figure);
  std::string text = std::to_string(runs.size()) + " runs";
  if (best)
    text += "; the best by " + figure_name(figure, task) + " is " + runs.front().name + " with " +
            figure_text(figure, *best);
  section.html = paragraph(text + ". A heading sorts the table by its column.");
  Table table;
  table.sortable = true;
  table.head = {"run"};
  table.head.insert(table.head.end(), keys.begin(), keys.end());
  table.head.emplace_back("status");
  const std::vector<std::string> figures = figures_of(runs);
  for (const std::string& name : figures) table.head.push_back(figure_name(name, task));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ComparedRun& run = runs[i];
    const bool is_drawn = i < kCurves && run.files.metrics.rows() > 0;
    std::vector<Cell> cells = {
        {(is_drawn ? swatch(colour_of(i), dash_of(i)) : "") + escape(run.name)}};
    for (const std::string& key : keys) {
      const std::string value = run.setting(key);
      cells.push_back(is_numeric(runs, key) ? number_cell(*to_number(value), value)
                                            : text_cell(value));
    }
    cells.push_back(text_cell(run.status));
    for (const std::string& name : figures) {
      const auto value = run.figure(name);
      cells.push_back(value ? number_cell(*value, figure_text(name, *value)) : text_cell(""));
    }
    table.rows.push_back(std::move(cells));
  }
  section.html += table_html(table);
  return section;
}

std::string overlaid(const std::vector<ComparedRun>& runs, const std::string& column,
                     const std::string& title, Figures& figures) {
  Plot plot{.title = title, .x_label = "epoch"};
  for (std::size_t i = std::min(kCurves, runs.size()); i-- > 0;) {  // the best on top
    Series series = curve_of(runs[i].files, column);
    series.draw = series.points.size() > 1 ? Draw::kLine : Draw::kLineAndPoints;
    series.colour = colour_of(i);
    series.dash = dash_of(i);
    if (!series.points.empty()) plot.series.push_back(std::move(series));
  }
  settle_scale(plot);
  return figures.add(std::move(plot));
}

Section curves_section(const std::vector<ComparedRun>& runs, Task task, Figures& figures) {
  Section section{"curves", "Curves", ""};
  const std::string measure = task == Task::kRegression ? " R²" : " accuracy";
  std::string plots;
  using Name = std::pair<std::string, std::string>;
  for (const auto& [rows, name] :
       {Name{"train", "Training"}, Name{"validation", "Validation"}, Name{"test", "Test"}}) {
    plots += overlaid(runs, rows + "_cost", name + " cost", figures);
    plots += overlaid(runs, rows + "_accuracy", name + measure, figures);
  }
  if (plots.empty()) return section;
  if (runs.size() > kCurves)
    section.html = paragraph("The best " + std::to_string(kCurves) + " runs.");
  section.html += paragraph("The colours are those of the table of runs.") + plots_html(plots);
  return section;
}

}  // namespace

Report comparison_report(const std::string& title, const std::vector<ComparedRun>& unranked) {
  const std::vector<std::string> keys = differing_keys(unranked);
  const std::string figure = ranking_figure(unranked);
  const Task task = task_of(unranked);
  const std::vector<ComparedRun> runs = ranked(unranked, figure);
  Figures figures;
  std::vector<Section> sections = {summary_section(runs, keys, figure, task),
                                   settings_section(runs, keys, task, figures),
                                   curves_section(runs, task, figures)};
  std::erase_if(sections, [](const Section& section) { return section.html.empty(); });
  Report report{
      page_html(title, "A comparison of " + std::to_string(runs.size()) + " runs of nabla",
                sections),
      {}};
  const std::string problem = figures.fill(report.html);
  if (!problem.empty()) report.notes.push_back(problem);
  return report;
}

}  // namespace nabla::report
