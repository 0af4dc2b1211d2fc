// SPDX-License-Identifier: MIT
#include "report/comparison_report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "report/curves.h"
#include "report/html.h"
#include "report/numbers.h"

namespace nabla::report {

namespace {

constexpr std::size_t kAxes = 8;
constexpr std::size_t kHeatValues = 30;

/// Numbers by their value, before texts in byte order.
bool before(const std::string& a, const std::string& b) {
  const auto x = to_number(a), y = to_number(b);
  if (x && y) return *x < *y;
  return x.has_value() != y.has_value() ? x.has_value() : a < b;
}

/// One axis of the parallel coordinates: the place of each value, from 0 to 1.
class Axis {
 public:
  explicit Axis(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto number = to_number(text);
      is_number_ = is_number_ && number.has_value();
      if (number) numbers_.push_back(*number);
      if (std::ranges::find(names_, text) == names_.end()) names_.push_back(text);
    }
    std::ranges::sort(names_, before);
    if (!is_number_) return;
    std::ranges::sort(numbers_);
    is_log_ = numbers_.front() > 0 && numbers_.back() >= 20 * numbers_.front();
    // One value alone has no scale of its own.
    is_number_ = numbers_.front() < numbers_.back();
  }

  double place(const std::string& text) const {
    if (is_number_) return (scaled(*to_number(text)) - low()) / (scaled(numbers_.back()) - low());
    const auto at = std::ranges::find(names_, text) - names_.begin();
    return names_.size() < 2 ? 0.5
                             : static_cast<double>(at) / static_cast<double>(names_.size() - 1);
  }

  /// The texts at the axis and their places.
  std::vector<std::pair<double, std::string>> marks() const {
    std::vector<std::pair<double, std::string>> marks;
    if (is_number_) {
      for (const double fraction : {0.0, 0.5, 1.0}) {
        const double x = low() + fraction * (scaled(numbers_.back()) - low());
        marks.emplace_back(fraction, general(is_log_ ? std::exp(x) : x, 3));
      }
    } else {
      constexpr std::size_t kMarks = 8;
      const std::size_t stride = (names_.size() + kMarks - 1) / kMarks;
      for (std::size_t i = 0; i < names_.size(); i += stride)
        marks.emplace_back(place(names_[i]), names_[i].substr(0, 16));
    }
    return marks;
  }

 private:
  double scaled(double x) const { return is_log_ ? std::log(x) : x; }
  double low() const { return scaled(numbers_.front()); }

  bool is_number_ = true;
  bool is_log_ = false;
  std::vector<double> numbers_;     ///< sorted
  std::vector<std::string> names_;  ///< distinct texts
};

/// Scores from 0 (worst) to 1 (best) by rank, so that one that failed does not hide the others.
std::vector<double> ranks(const std::vector<double>& scores, bool smaller_is_better) {
  std::vector<double> result;
  for (const double score : scores) {
    const auto worse = std::ranges::count_if(
        scores, [&](double other) { return smaller_is_better ? other > score : other < score; });
    result.push_back(static_cast<double>(worse) /
                     static_cast<double>(std::max<std::size_t>(scores.size() - 1, 1)));
  }
  return result;
}

/// The key without its section if no other key has that name.
std::string short_name(const std::string& key, const std::vector<std::string>& keys) {
  const auto name_of = [](const std::string& one) { return one.substr(one.find('.') + 1); };
  const std::string name = name_of(key);
  const auto namesakes =
      std::ranges::count_if(keys, [&](const auto& other) { return name_of(other) == name; });
  return namesakes > 1 ? key : name;
}

std::string parallel_coordinates(const std::vector<const ComparedRun*>& runs,
                                 const std::vector<std::string>& keys, const std::string& figure,
                                 Task task, Figures& figures) {
  std::vector<std::vector<std::string>> columns;
  std::vector<std::string> names;
  for (const std::string& key : keys) {
    std::vector<std::string> column;
    for (const ComparedRun* run : runs) column.push_back(run->setting(key));
    // It may differ in runs without a score only.
    if (std::ranges::count(column, column.front()) == std::ssize(column)) continue;
    if (names.size() == kAxes) break;
    names.push_back(short_name(key, keys));
    columns.push_back(std::move(column));
  }
  if (names.empty()) return "";
  std::vector<double> scores;
  columns.emplace_back();
  for (const ComparedRun* run : runs) {
    scores.push_back(*run->figure(figure));
    columns.back().push_back(std::to_string(scores.back()));
  }
  names.push_back(figure_name(figure, task));

  Plot plot{.title = "Settings and " + figure_name(figure, task)};
  plot.wide = plot.hide_y_axis = true;
  plot.x_range = {-0.4, static_cast<double>(names.size()) - 0.6};
  const std::vector<double> ranking = ranks(scores, is_cost(figure));
  for (std::size_t i = 0; i < runs.size(); ++i)
    plot.series.push_back(
        {.colour = "r" + std::to_string(static_cast<int>(std::lround(9 * ranking[i])))});
  for (std::size_t axis = 0; axis < names.size(); ++axis) {
    const Axis scale(columns[axis]);
    const auto x = static_cast<double>(axis);
    plot.x_tics.push_back({x, names[axis]});
    for (const auto& [y, text] : scale.marks()) plot.labels.push_back({{x, y}, text});
    for (std::size_t i = 0; i < runs.size(); ++i)
      plot.series[i].points.emplace_back(x, scale.place(columns[axis][i]));
  }
  std::ranges::reverse(plot.series);  // the best on top
  return figures.add(std::move(plot), "One line per run; the stronger, the better.");
}

/// The mean score of each pair of values.
std::string heat_map(const std::vector<const ComparedRun*>& runs,
                     const std::vector<std::string>& keys, const std::string& figure, Task task) {
  const auto values_of = [&](const std::string& key) {
    std::vector<std::string> values;
    for (const ComparedRun* run : runs) values.push_back(run->setting(key));
    std::ranges::sort(values, before);
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

/// The runs by the figure, the best first, of equal accuracy by the cost on the same rows; those
/// without it last.
std::vector<ComparedRun> ranked(std::vector<ComparedRun> runs, const std::string& figure) {
  const std::string cost = figure.substr(0, figure.rfind('_')) + "_cost";
  std::ranges::stable_sort(runs, [&](const ComparedRun& a, const ComparedRun& b) {
    const auto x = a.figure(figure), y = b.figure(figure);
    if (!x || !y) return x.has_value() && !y.has_value();
    if (x == y) return a.figure(cost).value_or(HUGE_VAL) < b.figure(cost).value_or(HUGE_VAL);
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
  section.html = plots_html(parallel_coordinates(scored, keys, figure, task, figures), true);
  if (keys.size() == 2) section.html += heat_map(scored, keys, figure, task);
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
  return make_report(title, "A comparison of " + std::to_string(runs.size()) + " runs of nabla",
                     std::move(sections), figures);
}

}  // namespace nabla::report
