// SPDX-License-Identifier: MIT
#include "report/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>
#include <utility>

#include "base/option_values.h"
#include "report/axis.h"
#include "report/hover.h"
#include "report/html.h"

namespace nabla::report {

namespace {

/// Red 10 and green 0 mark a colour as one of these; blue is its place here.
constexpr std::array kNames = {"axis", "c1", "c2",   "c3",  "c4", "c5", "c6",
                               "c7",   "c8", "grid", "hit", "r0", "r1", "r2",
                               "r3",   "r4", "r5",   "r6",  "r7", "r8", "r9"};
/// The colour of points that become strips (see hover.h).
constexpr const char* kHit = "hit";

/// The colour that stands in a gnuplot script for the style sheet's variable of that name.
std::string marker_colour(const std::string& name) {
  std::size_t place = 0;
  while (place + 1 < kNames.size() && name != kNames[place]) ++place;
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#0a00%02x", static_cast<unsigned>(place));
  return text.data();
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Removes each part from `first` to the next `last`, both included.
void cut_all(std::string& text, std::string_view first, std::string_view last) {
  for (std::size_t at = text.find(first); at != std::string::npos; at = text.find(first, at)) {
    const std::size_t end = text.find(last, at + first.size());
    if (end == std::string::npos) return;
    text.erase(at, end + last.size() - at);
  }
}

/// gnuplot writes "rgb( 10,   0,   1)" and "rgb(10,0,1)".
void name_colours(std::string& text) {
  for (std::size_t at = text.find("rgb("); at != std::string::npos;
       at = text.find("rgb(", at + 1)) {
    const std::size_t end = text.find(')', at);
    if (end == std::string::npos) return;
    int red = 0, green = 0, blue = 0;
    const std::string colour = text.substr(at, end + 1 - at);
    if (std::sscanf(colour.c_str(), "rgb( %d , %d , %d )", &red, &green, &blue) != 3) continue;
    if (red == 10 && green == 0 && blue >= 0 && blue < static_cast<int>(kNames.size()))
      text.replace(at, colour.size(),
                   "var(--" + std::string(kNames[static_cast<std::size_t>(blue)]) + ")");
  }
}

/// Groups that hold nothing but white space.
void cut_empty_groups(std::string& text) {
  constexpr std::string_view kClose = "</g>";
  for (std::size_t at = text.find(kClose); at != std::string::npos; at = text.find(kClose, at)) {
    const std::size_t before = text.find_last_not_of(" \t\n", at - 1);
    const std::size_t open = text.rfind('<', at - 1);
    if (before != std::string::npos && text[before] == '>' && open != std::string::npos &&
        text.compare(open, 3, "<g ") == 0 && text.find('>', open) == before) {
      text.erase(open, at + kClose.size() - open);
      at = open;
    } else {
      at += kClose.size();
    }
  }
}

using Point = std::pair<double, double>;

/// A gnuplot string in which nothing but the doubled quote has a meaning.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

std::string colour(const std::string& name) { return "lc rgb '" + marker_colour(name) + "'"; }

/// Pixels of the picture, and those of them that the x axis has about.
struct Size {
  int width;
  int height;
  double axis;
};

Size size_of(const Plot& plot) { return plot.wide ? Size{900, 340, 850} : Size{440, 290, 350}; }

/// The smallest and the largest of a coordinate that is shown; the plot is drawable.
std::pair<double, double> ends(const Plot& plot, double Point::*coordinate) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Series& series : plot.series)
    for (const Point& point : series.points) {
      if (!is_shown(plot, point)) continue;
      low = std::min(low, point.*coordinate);
      high = std::max(high, point.*coordinate);
    }
  return {low, high};
}

/// gnuplot's command for tics of that axis, 'x' or 'y'. Texts that would touch stand in two lines.
std::string set_tics(char axis, const std::vector<Tic>& tics, bool two_lines = false) {
  std::string text = std::string("set ") + axis + "tics (";
  for (std::size_t i = 0; i < tics.size(); ++i)
    text += (i > 0 ? "," : "") + std::string(two_lines && i % 2 == 1 ? "\"\\n\"." : "") +
            quoted(tics[i].text) + " " + write_number(tics[i].at) +
            (tics[i].text.empty() ? " 1" : "");
  return text + ")\n";
}

std::string range(const std::optional<double>& from, const std::optional<double>& to) {
  return "[" + (from ? write_number(*from) : "*") + ":" + (to ? write_number(*to) : "*") + "]";
}

std::string x_axis(const Plot& plot) {
  const auto [low, high] = ends(plot, &Point::first);
  std::string text;
  if (!plot.x_label.empty()) text += "set xlabel " + quoted(plot.x_label) + "\n";
  if (plot.log_x) text += "set logscale x\n";
  std::vector<Tic> tics = plot.x_tics;
  std::optional<std::pair<double, double>> shown = plot.x_range;
  if (tics.empty() && plot.whole_x) {
    tics = whole_tics(low, high);
    if (!shown) shown = low < high ? std::pair(low, high) : std::pair(low - 0.5, high + 0.5);
  } else if (tics.empty() && plot.log_x) {
    const LogAxis axis = log_axis(low, high);
    tics = axis.tics;
    shown = {axis.low, axis.high};
  }
  if (shown) text += "set xrange " + range(shown->first, shown->second) + "\n";
  if (tics.empty()) return text;
  constexpr double kPixelsPerCharacter = 8;
  const double units = shown ? shown->second - shown->first : high - low;
  return text + set_tics('x', tics,
                         !plot.log_x && do_texts_collide(tics, size_of(plot).axis / units /
                                                                   kPixelsPerCharacter));
}

std::string y_axis(const Plot& plot) {
  if (plot.hide_y_axis) return "unset ytics\nset yrange [-0.06:1.12]\n";
  if (plot.log_y) {
    const auto [low, high] = ends(plot, &Point::second);
    const LogAxis axis = log_axis(low, high);
    return "set logscale y\nset yrange " + range(axis.low, axis.high) + "\n" +
           set_tics('y', axis.tics);
  }
  return plot.y_from || plot.y_to ? "set yrange " + range(plot.y_from, plot.y_to) + "\n" : "";
}

/// A block of data with that name.
std::string data_block(const std::string& name, const std::vector<Point>& points) {
  std::string text = name + " << EOD\n";
  for (const Point& point : points)
    text += write_number(point.first) + " " + write_number(point.second) + "\n";
  return text + "EOD\n";
}

/// The data of all series, $s0, $s1, …
std::string data_blocks(const Plot& plot) {
  std::string text;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    std::vector<Point> points = plot.series[i].points;
    std::erase_if(points, [&](const Point& point) { return !is_shown(plot, point); });
    text += data_block("$s" + std::to_string(i), points);
  }
  return text;
}

/// Many points would cover one another if they were as large as few.
constexpr std::size_t kFewPoints = 60;

std::string style_of(const Series& series, bool stacked) {
  const std::string dash = series.dash > 0 ? " dt " + std::to_string(series.dash) : "";
  switch (series.draw) {
    case Draw::kLine:
      return "with lines lw 1.4 " + colour(series.colour) + dash;
    case Draw::kSteps:
      return "with fsteps lw 1.4 " + colour(series.colour) + dash;
    case Draw::kLineAndPoints:
      return "with linespoints pt 7 ps 0.35 lw 1.4 " + colour(series.colour) + dash;
    case Draw::kPoints:
      return std::string("with points pt 7 ps ") +
             (series.points.size() > kFewPoints ? "0.3 " : "0.6 ") + colour(series.colour);
    case Draw::kBoxes:
      // Stacked boxes cover one another.
      return std::string("with boxes fs solid ") + (stacked ? "1" : "0.75") + " noborder " +
             colour(series.colour);
  }
  return "";
}

bool has_points(const Plot& plot, const Series& series) {
  return std::ranges::any_of(series.points, [&](const Point& p) { return is_shown(plot, p); });
}

/// Boxes on top of each other: each is drawn from the ground up to its sum, over those above it.
Plot with_sums(Plot plot) {
  for (std::size_t i = 1; i < plot.series.size(); ++i)
    for (std::size_t p = 0; p < plot.series[i].points.size(); ++p)
      plot.series[i].points[p].second += plot.series[i - 1].points[p].second;
  for (Series& series : plot.series) series.draw = Draw::kBoxes;
  return plot;
}

/// The places of the series that are drawn, from the ground to the top.
std::vector<std::size_t> drawn(const Plot& plot) {
  std::vector<std::size_t> places;
  for (std::size_t i = plot.series.size(); i-- > 0;)
    if (has_points(plot, plot.series[i])) places.push_back(i);
  return places;
}

/// Gives the group that gnuplot makes of each series the title that its hint is.
void put_hints(std::string& svg, const Plot& plot) {
  std::size_t number = 0;
  for (const std::size_t i : drawn(plot)) {
    const std::size_t at = svg.find("id=\"gnuplot_plot_" + std::to_string(++number) + "\"");
    const std::size_t end = svg.find('>', at);
    if (!plot.series[i].hint.empty() && at != std::string::npos && end != std::string::npos)
      svg.insert(end + 1, "<title>" + escape(plot.series[i].hint) + "</title>");
  }
}

/// The hints of the points that are shown.
std::vector<std::string> shown_hints(const Plot& plot, const Series& series) {
  std::vector<std::string> hints;
  for (std::size_t i = 0; i < series.hints.size(); ++i)
    if (is_shown(plot, series.points[i])) hints.push_back(series.hints[i]);
  return hints;
}

/// Gives each symbol of a scatter the title that its point's hint is.
void put_point_hints(std::string& svg, const Plot& plot) {
  constexpr std::string_view kUse = "<use ", kEnd = "/>";
  std::size_t number = 0;
  for (const std::size_t i : drawn(plot)) {
    const std::string group = "id=\"gnuplot_plot_" + std::to_string(++number) + "\"";
    if (plot.series[i].draw != Draw::kPoints || plot.series[i].hints.empty()) continue;
    std::size_t at = svg.find(group);
    for (const std::string& hint : shown_hints(plot, plot.series[i])) {
      at = svg.find(kUse, at);
      const std::size_t end = svg.find(kEnd, at);
      if (at == std::string::npos || end == std::string::npos) return;
      const std::string title = "><title>" + escape(hint) + "</title></use>";
      svg.replace(end, kEnd.size(), title);
      svg.insert(at + kUse.size(), "class=\"p\" ");
      at = end + title.size();
    }
  }
}

}  // namespace

bool is_shown(const Plot& plot, const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second) &&
         (!plot.log_x || point.first > 0) && (!plot.log_y || point.second > 0);
}

std::string svg_for_page(std::string svg, const Plot& plot) {
  const std::size_t box = svg.find("viewBox=\"");
  const std::size_t start = svg.find("<g id=\"gnuplot_canvas\">");
  if (box == std::string::npos || start == std::string::npos) return "";
  const std::string view_box = svg.substr(box, svg.find('"', box + 9) + 1 - box);
  svg.erase(0, start);
  cut_all(svg, "<defs>", "</defs>");
  cut_all(svg, "<title>", "</title>");
  replace_all(svg, "xlink:href", "href");
  name_colours(svg);
  for (const std::string_view quote : {"\"", "'"})
    for (const std::string_view name : {"black", "gray"})
      replace_all(svg, "=" + std::string(quote) + std::string(name) + std::string(quote),
                  "=\"currentColor\"");
  cut_empty_groups(svg);
  replace_all(svg, " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", "");
  replace_all(svg, " font-family=\"sans-serif\"", "");
  replace_all(svg, "\n\n", "\n");
  // Texts of a user come last, so that nothing is replaced in them.
  put_hints(svg, plot);
  put_point_hints(svg, plot);
  cut_all(svg, " id=\"", "\"");
  return "<svg class=\"plot\" " + view_box + " role=\"img\" aria-label=\"" + escape(plot.title) +
         "\">\n" + with_strips(std::move(svg), hovers_of(plot), "var(--hit)");
}

std::string svg_symbols() {
  return "<svg class=\"defs\" aria-hidden=\"true\"><defs><circle id=\"gpPt6\" r=\"1\" "
         "fill=\"currentColor\"/></defs></svg>\n";
}

bool is_drawable(const Plot& plot) {
  return std::ranges::any_of(plot.series, [&](const Series& s) { return has_points(plot, s); });
}

std::string gnuplot_script(const Plot& original, const std::string& file) {
  const Plot plot = original.stacked ? with_sums(original) : original;
  const std::string axis = colour("axis");
  const Size size = size_of(plot);
  std::string text = "reset\nset terminal svg size " + std::to_string(size.width) + "," +
                     std::to_string(size.height) +
                     " dynamic noenhanced butt font 'sans-serif,15'\nset output " + quoted(file) +
                     "\nset encoding utf8\nunset key\nset border " +
                     (plot.hide_y_axis ? "1" : "3") + " " + axis +
                     "\nset tics nomirror scale 0.6\nset format '%.6g'\nset grid " +
                     (plot.hide_y_axis ? "noytics xtics" : "ytics") + " " + colour("grid") +
                     " lt 1 lw 0.7\n" + x_axis(plot) + y_axis(plot);
  if (std::ranges::any_of(plot.series, [](const Series& s) { return s.draw == Draw::kBoxes; }))
    text += plot.stacked ? "set boxwidth 0.7\n" : "set boxwidth 0.9 relative\n";
  if (plot.marked_x) {
    const std::string at = write_number(*plot.marked_x);
    text += "set arrow from " + at + ", graph 0 to " + at + ", graph 1 nohead lt 1 " + axis +
            " lw 1 dt 2\n";
  }
  for (const auto& [at, label] : plot.labels)
    text += "set label " + quoted(label) + " at " + write_number(at.first) + "," +
            write_number(at.second) + " left offset 0.4,0.5 front\n";
  text += data_blocks(plot);
  std::string commands;
  for (const std::size_t i : drawn(plot)) {
    commands += commands.empty() ? "plot " : ", ";
    commands += "$s" + std::to_string(i) + " using 1:2 " + style_of(plot.series[i], plot.stacked);
  }
  std::vector<Point> hits;
  for (const Hover& hover : hovers_of(original)) hits.emplace_back(hover.x, hover.y);
  if (!hits.empty()) {
    text += data_block("$hits", hits);
    commands += ", $hits using 1:2 with points pt 7 ps 0.1 " + colour(kHit);
  }
  return text + commands + "\nunset output\n";
}

}  // namespace nabla::report
