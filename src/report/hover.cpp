// SPDX-License-Identifier: MIT
#include "report/hover.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

#include "base/text.h"
#include "report/html.h"
#include "report/numbers.h"

namespace nabla::report {

namespace {

/// Narrower strips than the widest plot has with these are hard to hit.
constexpr std::size_t kStrips = 80;
constexpr std::size_t kLines = 10;

bool has_strips(const Plot& plot) {
  return !plot.hide_y_axis && (plot.whole_x || !plot.x_tics.empty() ||
                               std::ranges::none_of(plot.series, [](const Series& series) {
                                 return series.draw == Draw::kPoints;
                               }));
}

/// "epoch 6"; the name of a box is that at the axis.
std::string heading(const Plot& plot, double x) {
  for (const Tic& tic : plot.x_tics)
    if (tic.at == x) return plot.x_label.empty() ? tic.text : plot.x_label + " " + tic.text;
  return plot.x_label + " " + general(x, plot.whole_x ? 15 : 4);
}

/// A value of a series, and its place in it.
struct Value {
  const Series* series;
  std::size_t place;

  double y() const { return series->points[place].second; }
  std::string text() const { return series->hints.empty() ? general(y()) : series->hints[place]; }
};

/// The values at each x, in the order of the series; of several of a series the last.
std::map<double, std::vector<Value>> values_by_x(const Plot& plot) {
  const bool have_names =
      std::ranges::any_of(plot.series, [](const Series& series) { return !series.name.empty(); });
  std::map<double, std::vector<Value>> values;
  for (const Series& series : plot.series) {
    if (have_names && series.name.empty()) continue;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      if (!is_shown(plot, series.points[i])) continue;
      std::vector<Value>& here = values[series.points[i].first];
      if (!here.empty() && here.back().series == &series) here.pop_back();
      here.push_back({&series, i});
    }
  }
  return values;
}

struct Use {
  std::size_t start;
  std::size_t size;
  double x;
};

/// The symbols of that colour, in their order.
std::vector<Use> uses_in(const std::string& svg, const std::string& colour) {
  std::vector<Use> uses;
  for (std::size_t at = svg.find("<use "); at != std::string::npos; at = svg.find("<use ", at)) {
    const std::size_t end = std::min(svg.find("/>", at), svg.size() - 2) + 2;
    const std::string use = svg.substr(at, end - at);
    const std::size_t place = use.find("translate(");
    double x = 0;
    if (use.find(colour) != std::string::npos && place != std::string::npos &&
        std::sscanf(use.c_str() + place, "translate(%lf", &x) == 1)
      uses.push_back({at, end - at, x});
    at = end;
  }
  return uses;
}

std::string strip(double from, double to, const std::string& text) {
  return "<rect class=\"hit\" x=\"" + fixed(from, 1) + "\" width=\"" + fixed(to - from, 1) +
         "\" height=\"100%\"><title>" + escape(text) + "</title></rect>";
}

}  // namespace

std::vector<Hover> hovers_of(const Plot& plot) {
  std::vector<Hover> hovers;
  if (!has_strips(plot)) return hovers;
  const auto points = values_by_x(plot);
  const std::size_t stride = (points.size() + kStrips - 1) / kStrips;
  std::size_t place = 0;
  for (const auto& [x, values] : points) {
    const bool is_kept = place % stride == 0 || place + 1 == points.size() || x == plot.marked_x;
    ++place;
    if (!is_kept) continue;
    const auto inside = std::ranges::find_if(
        values, [&](const Value& value) { return !plot.y_from || value.y() >= *plot.y_from; });
    if (inside == values.end()) continue;
    Hover hover{x, inside->y(), heading(plot, x)};
    for (std::size_t i = 0; i < values.size() && i < kLines; ++i) {
      const std::string& name = values[i].series->name;
      hover.text += "\n" + (name.empty() ? plot.title : name) + " " + values[i].text();
    }
    if (values.size() > kLines)
      hover.text += "\nand " + std::to_string(values.size() - kLines) + " more";
    hovers.push_back(std::move(hover));
  }
  return hovers;
}

std::string with_strips(std::string svg, std::span<const Hover> hovers, const std::string& colour) {
  const std::vector<Use> uses = uses_in(svg, colour);
  const bool fits = uses.size() == hovers.size();
  for (std::size_t i = uses.size(); i-- > 0;) {
    // The first and the last strip are as wide on their outer side as on the inner one.
    const double before = i > 0 ? (uses[i].x - uses[i - 1].x) / 2 : -1;
    const double after = i + 1 < uses.size() ? (uses[i + 1].x - uses[i].x) / 2 : before;
    const double left = std::max({before >= 0 ? before : after, 4.0});
    const double right = std::max({after, 4.0});
    svg.replace(uses[i].start, uses[i].size,
                fits ? strip(uses[i].x - left, uses[i].x + right, hovers[i].text) : "");
  }
  return svg;
}

}  // namespace nabla::report
