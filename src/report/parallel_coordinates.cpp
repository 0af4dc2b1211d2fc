// SPDX-License-Identifier: MIT
#include "report/parallel_coordinates.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "report/numbers.h"
#include "run/columns.h"

namespace nabla::report {

namespace {

constexpr std::size_t kAxes = 8;

/// The first characters of a text that may be long.
std::string shortened(std::string_view text) {
  constexpr std::size_t kCharacters = 16;
  std::size_t size = 0;
  for (std::size_t i = 0; i < kCharacters && size < text.size(); ++i)
    size += std::max<std::size_t>(1, utf8_character(text.substr(size)));
  return std::string(text.substr(0, size)) + (size < text.size() ? "…" : "");
}

/// The key without its section if no other key has that name.
std::string short_name(const std::string& key, const std::vector<std::string>& keys) {
  const auto name_of = [](const std::string& one) { return one.substr(one.find('.') + 1); };
  const std::string name = name_of(key);
  const auto namesakes =
      std::ranges::count_if(keys, [&](const auto& other) { return name_of(other) == name; });
  return namesakes > 1 ? key : name;
}

struct Coordinate {
  std::string name;
  std::vector<std::string> values;  ///< of each run
};

std::vector<Coordinate> coordinates_of(const std::vector<const ComparedRun*>& runs,
                                       const std::vector<std::string>& keys) {
  std::vector<Coordinate> coordinates;
  for (const std::string& key : keys) {
    Coordinate coordinate{short_name(key, keys), {}};
    for (const ComparedRun* run : runs) coordinate.values.push_back(run->setting(key));
    const bool is_same = std::ranges::count(coordinate.values, coordinate.values.front()) ==
                         std::ssize(coordinate.values);
    if (!is_same && coordinates.size() < kAxes) coordinates.push_back(std::move(coordinate));
  }
  return coordinates;
}

}  // namespace

bool is_before(const std::string& a, const std::string& b) {
  const auto x = to_number(a), y = to_number(b);
  if (x && y) return *x < *y;
  return x.has_value() != y.has_value() ? x.has_value() : a < b;
}

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

ValueAxis::ValueAxis(const std::vector<std::string>& values) : values_(values) {
  std::ranges::sort(values_, is_before);
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  is_number_ = std::ranges::all_of(values_, [](const auto& v) { return to_number(v).has_value(); });
  if (!is_number_) return;
  const double low = *to_number(values_.front()), high = *to_number(values_.back());
  is_log_ = low > 0 && high >= 20 * low;
  // One value alone has no scale of its own.
  is_number_ = low < high;
}

double ValueAxis::scaled(double x) const { return is_log_ ? std::log(x) : x; }

double ValueAxis::place(const std::string& value) const {
  if (is_number_) {
    const double low = scaled(*to_number(values_.front())),
                 high = scaled(*to_number(values_.back()));
    return (scaled(*to_number(value)) - low) / (high - low);
  }
  const auto at = std::ranges::find(values_, value) - values_.begin();
  return values_.size() < 2 ? 0.5
                            : static_cast<double>(at) / static_cast<double>(values_.size() - 1);
}

std::vector<Tic> ValueAxis::marks() const {
  // The height of a line of text is about 0.07. Of many values a few say enough.
  constexpr std::size_t kFew = 8;
  const double distance = values_.size() <= kFew ? 0.085 : 0.2;
  const double last = place(values_.back());
  std::vector<Tic> marks;
  for (const std::string& value : values_) {
    const double at = place(value);
    const bool is_last = &value == &values_.back();
    const bool is_near_before = !marks.empty() && at - marks.back().at < distance;
    if (!is_last && (is_near_before || last - at < distance)) continue;
    marks.push_back({at, is_number_ ? general(*to_number(value), 3) : shortened(value)});
  }
  return marks;
}

Plot parallel_coordinates(const std::vector<const ComparedRun*>& runs,
                          const std::vector<std::string>& keys, const std::string& figure,
                          Task task) {
  Plot plot{.title = "Settings and " + figure_name(figure, task)};
  std::vector<Coordinate> coordinates = coordinates_of(runs, keys);
  if (coordinates.empty()) return plot;
  std::vector<double> scores;
  for (const ComparedRun* run : runs) scores.push_back(*run->figure(figure));
  coordinates.push_back({figure_name(figure, task), {}});
  for (const double score : scores) coordinates.back().values.push_back(general(score, 6));

  plot.wide = plot.hide_y_axis = true;
  plot.x_range = {-0.4, static_cast<double>(coordinates.size()) - 0.6};
  const std::vector<double> ranking = ranks(scores, is_cost(figure));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    plot.series.push_back(
        {.colour = "r" + std::to_string(static_cast<int>(std::lround(9 * ranking[i]))),
         .hint = runs[i]->name});
    for (const Coordinate& coordinate : coordinates)
      plot.series[i].hint += "\n" + coordinate.name + " " + coordinate.values[i];
  }
  for (std::size_t axis = 0; axis < coordinates.size(); ++axis) {
    const ValueAxis scale(coordinates[axis].values);
    const auto x = static_cast<double>(axis);
    plot.x_tics.push_back({x, coordinates[axis].name});
    for (const Tic& mark : scale.marks()) plot.labels.push_back({{x, mark.at}, mark.text});
    for (std::size_t i = 0; i < runs.size(); ++i)
      plot.series[i].points.emplace_back(x, scale.place(coordinates[axis].values[i]));
  }
  return plot;
}

}  // namespace nabla::report
