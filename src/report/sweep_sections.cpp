// SPDX-License-Identifier: MIT
#include "report/sweep_sections.h"

#include <algorithm>
#include <cmath>
#include <map>

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

/// One axis of the parallel coordinates: where a value stands, from 0 to 1.
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

  /// What stands at the axis, and where.
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

/// Without its section where no other key has that name.
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

}  // namespace

std::string figure_name(const std::string& figure, Task task) {
  constexpr std::string_view kAccuracy = "accuracy";
  std::string name = figure;
  std::ranges::replace(name, '_', ' ');
  if (task == Task::kRegression && name.ends_with(kAccuracy))
    name.replace(name.size() - kAccuracy.size(), kAccuracy.size(), "R²");
  return name.starts_with("train ") ? "training" + name.substr(5) : name;
}

std::string figure_text(const std::string& figure, double value) {
  if (figure == "samples_per_second") return with_thousands(value);
  if (figure.find("accuracy") != std::string::npos) return fixed(value, 4);
  return general(value);
}

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

}  // namespace nabla::report
