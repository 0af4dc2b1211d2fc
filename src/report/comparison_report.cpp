// SPDX-License-Identifier: MIT
#include "report/comparison_report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <utility>

#include "report/curves.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/parallel_coordinates.h"

namespace nabla::report {

namespace {

constexpr std::size_t kHeatValues = 30;

/// The mean score of each pair of values.
std::string heat_map(const std::vector<const ComparedRun*>& runs,
                     const std::vector<std::string>& keys, const std::string& figure, Task task) {
  const auto values_of = [&](const std::string& key) {
    std::vector<std::string> values;
    for (const ComparedRun* run : runs) values.push_back(run->setting(key));
    std::ranges::sort(values, is_before);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  };
  const auto down = values_of(keys[0]), across = values_of(keys[1]);
  // Settings drawn at random do not meet in a table.
  if (down.size() > kHeatValues || across.size() > kHeatValues ||
      down.size() * across.size() > 2 * runs.size())
    return "";
  std::map<std::pair<std::string, std::string>, std::vector<double>> scores;
  for (const ComparedRun* run : runs)
    scores[{run->setting(keys[0]), run->setting(keys[1])}].push_back(*run->figure(figure));
  const auto mean = [](const std::vector<double>& all) {
    double sum = 0;
    for (const double score : all) sum += score;
    return sum / static_cast<double>(all.size());
  };
  std::vector<double> means;
  for (const auto& [pair, all] : scores) means.push_back(mean(all));
  const std::vector<double> ranking = ranks(means, is_cost(figure));

  Table table;
  table.style = "heat";
  table.head = {keys[0] + " \\ " + keys[1]};
  table.head.insert(table.head.end(), across.begin(), across.end());
  for (const std::string& row : down) {
    table.rows.push_back({text_cell(row)});
    for (const std::string& column : across) {
      const auto found = scores.find({row, column});
      Cell cell = text_cell("");
      if (found != scores.end()) {
        const auto place = std::distance(scores.begin(), found);
        cell = number_cell(mean(found->second), figure_text(figure, mean(found->second)));
        cell.shade = ranking[static_cast<std::size_t>(place)];
      }
      table.rows.back().push_back(std::move(cell));
    }
  }
  return "<h3>" + escape("Mean " + figure_name(figure, task) + " by both keys") + "</h3>\n" +
         table_html(table);
}

constexpr std::size_t kDashStyles = 4;
/// More curves than this tell nothing apart; the best are drawn.
constexpr std::size_t kCurves = kColours * kDashStyles;

int dash_of(std::size_t place) {
  const int turn = static_cast<int>(place / kColours % kDashStyles);
  return turn == 0 ? 0 : turn + 1;
}

/// The cost on the rows of a figure, "validation_cost" for "validation_accuracy".
std::string cost_of(const std::string& figure) {
  return figure.substr(0, figure.rfind('_')) + "_cost";
}

/// The runs by the figure, the best first, of equal accuracy by the cost on the same rows; those
/// without it last.
std::vector<ComparedRun> ranked(std::vector<ComparedRun> runs, const std::string& figure) {
  const std::string cost = cost_of(figure);
  std::ranges::stable_sort(runs, [&](const ComparedRun& a, const ComparedRun& b) {
    const auto x = a.figure(figure), y = b.figure(figure);
    if (!x || !y) return x.has_value() && !y.has_value();
    if (x == y) return a.figure(cost).value_or(HUGE_VAL) < b.figure(cost).value_or(HUGE_VAL);
    return is_cost(figure) ? *x < *y : *x > *y;
  });
  return runs;
}

/// Names of the runs' figures: the one that they are ranked by and its cost, the other scores, the
/// rest.
std::vector<std::string> figures_of(const std::vector<ComparedRun>& runs,
                                    const std::string& ranking) {
  std::vector<std::string> names;
  for (const ComparedRun& run : runs)
    for (const auto& [name, value] : run.figures)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  const auto rank = [&](const std::string& name) {
    if (name == ranking) return 0;
    return name == cost_of(ranking) ? 1 : is_accuracy(name) ? 2 : is_cost(name) ? 3 : 4;
  };
  std::ranges::stable_sort(names, {}, rank);
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
  const std::string difference = data_difference(runs);
  if (!difference.empty())
    section.html += warning(
        "The runs are not on the same data, so their scores do not compare: " + difference + ".");
  Table table;
  table.sortable = true;
  table.style = "tall";
  table.head = {"run"};
  const std::vector<std::string> figures = figures_of(runs, figure);
  for (const std::string& name : figures) table.head.push_back(figure_name(name, task));
  table.head.emplace_back("status");
  table.head.insert(table.head.end(), keys.begin(), keys.end());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const ComparedRun& run = runs[i];
    const bool is_drawn = i < kCurves && run.files.metrics.rows() > 0;
    std::vector<Cell> cells = {
        {(is_drawn ? swatch(colour_of(i), dash_of(i)) : "") + escape(run.name)}};
    for (const std::string& name : figures) {
      const auto value = run.figure(name);
      cells.push_back(value ? number_cell(*value, figure_text(name, *value)) : text_cell(""));
    }
    cells.push_back(text_cell(run.status));
    for (const std::string& key : keys) {
      const std::string value = run.setting(key);
      cells.push_back(is_numeric(runs, key) ? number_cell(*to_number(value), value)
                                            : text_cell(value));
    }
    table.rows.push_back(std::move(cells));
  }
  section.html += table_html(table);
  return section;
}

std::string overlaid(const std::vector<ComparedRun>& runs, const std::string& column,
                     const std::string& title, Figures& figures) {
  Plot plot{.title = title, .x_label = "epoch", .whole_x = true, .has_legend = false};
  for (std::size_t i = 0; i < std::min(kCurves, runs.size()); ++i) {
    Series series = curve_of(runs[i].files, column);
    series.draw = series.points.size() > 1 ? Draw::kLine : Draw::kLineAndPoints;
    series.name = runs[i].name;
    series.colour = colour_of(i);
    series.dash = dash_of(i);
    if (!series.points.empty()) plot.series.push_back(std::move(series));
  }
  settle_scale(plot);
  return figures.add(std::move(plot));
}

Section curves_section(const std::vector<ComparedRun>& runs, Task task, Figures& figures) {
  Section section{"curves", "Curves", ""};
  const std::string accuracy = " " + accuracy_name(task);
  std::string plots;
  for (const ScoredRows& rows : kScoredRows) {
    const std::string column = rows.column;
    std::string name = rows.name;
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    plots += overlaid(runs, column + "_cost", name + " cost", figures);
    plots += overlaid(runs, column + "_accuracy", name + accuracy, figures);
  }
  if (plots.empty()) return section;
  if (runs.size() > kCurves)
    section.html = paragraph("The best " + std::to_string(kCurves) + " runs.");
  section.html += paragraph("The colours are those of the table of runs.") + plots_html(plots);
  return section;
}

/// How the settings that differ bear on the score: parallel coordinates, and for two keys with few
/// values a heat map. Empty if no setting differs or no run has a score.
Section settings_section(const std::vector<ComparedRun>& runs, const std::vector<std::string>& keys,
                         Task task, Figures& figures) {
  Section section{"settings", "Settings and scores", ""};
  const std::string figure = ranking_figure(runs);
  std::vector<const ComparedRun*> scored;
  for (const ComparedRun& run : runs)
    if (run.figure(figure)) scored.push_back(&run);
  if (keys.empty() || scored.size() < 2) return section;
  section.html = plots_html(figures.add(parallel_coordinates(scored, keys, figure, task),
                                        "One line per run; the stronger, the better."),
                            true);
  if (keys.size() == 2) section.html += heat_map(scored, keys, figure, task);
  return section;
}

}  // namespace

Report comparison_report(const std::string& title, const std::vector<ComparedRun>& unranked,
                         bool is_sweep) {
  const std::vector<std::string> keys = differing_keys(unranked);
  const std::string figure = ranking_figure(unranked);
  const Task task = task_of(unranked);
  const std::vector<ComparedRun> runs = ranked(unranked, figure);
  Figures figures;
  std::vector<Section> sections = {summary_section(runs, keys, figure, task),
                                   settings_section(runs, keys, task, figures),
                                   curves_section(runs, task, figures)};
  // Settings are what a sweep is about; other runs are compared by their curves first.
  if (!is_sweep) std::swap(sections[1], sections[2]);
  return make_report(title, "A comparison of " + std::to_string(runs.size()) + " runs of nabla",
                     std::move(sections), figures);
}

}  // namespace nabla::report
