// SPDX-License-Identifier: MIT
#include "report/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "base/option_values.h"
#include "report/html.h"

namespace nabla::report {

namespace {

/// Red 10 and green 0 mark a colour as one of these; blue is its place here.
constexpr std::array kNames = {"axis", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "grid",
                               "r0",   "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"};

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

bool is_shown(const Plot& plot, const Point& point) {
  return std::isfinite(point.first) && std::isfinite(point.second) &&
         (!plot.log_x || point.first > 0) && (!plot.log_y || point.second > 0);
}

std::string colour(const std::string& name) { return "lc rgb '" + marker_colour(name) + "'"; }

std::string tics(const Plot& plot) {
  if (plot.x_tics.empty()) return "";
  std::string text = "set xtics (";
  for (std::size_t i = 0; i < plot.x_tics.size(); ++i)
    text +=
        (i > 0 ? "," : "") + quoted(plot.x_tics[i].text) + " " + write_number(plot.x_tics[i].at);
  return text + ")\n";
}

std::string range(const std::optional<double>& from, const std::optional<double>& to) {
  return "[" + (from ? write_number(*from) : "*") + ":" + (to ? write_number(*to) : "*") + "]";
}

/// The data of all series as named blocks, $s0, $s1, …
std::string data_blocks(const Plot& plot) {
  std::string text;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    text += "$s" + std::to_string(i) + " << EOD\n";
    for (const Point& point : plot.series[i].points)
      if (is_shown(plot, point))
        text += write_number(point.first) + " " + write_number(point.second) + "\n";
    text += "EOD\n";
  }
  return text;
}

std::string style_of(const Series& series, bool stacked) {
  const std::string dash = series.dash > 0 ? " dt " + std::to_string(series.dash) : "";
  switch (series.draw) {
    case Draw::kLine:
      return "with lines lw 1.4 " + colour(series.colour) + dash;
    case Draw::kLineAndPoints:
      return "with linespoints pt 7 ps 0.35 lw 1.4 " + colour(series.colour) + dash;
    case Draw::kPoints:
      return "with points pt 7 ps 0.3 " + colour(series.colour);
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

/// Boxes on top of each other: each is drawn from the ground up to its sum, the highest first.
Plot with_sums(Plot plot) {
  for (std::size_t i = 1; i < plot.series.size(); ++i)
    for (std::size_t p = 0; p < plot.series[i].points.size(); ++p)
      plot.series[i].points[p].second += plot.series[i - 1].points[p].second;
  std::ranges::reverse(plot.series);
  for (Series& series : plot.series) series.draw = Draw::kBoxes;
  return plot;
}

}  // namespace

std::string svg_for_page(std::string svg, const std::string& title) {
  const std::size_t box = svg.find("viewBox=\"");
  const std::size_t start = svg.find("<g id=\"gnuplot_canvas\">");
  if (box == std::string::npos || start == std::string::npos) return "";
  const std::string view_box = svg.substr(box, svg.find('"', box + 9) + 1 - box);
  svg.erase(0, start);
  cut_all(svg, "<defs>", "</defs>");
  cut_all(svg, "<title>", "</title>");
  cut_all(svg, " id=\"", "\"");
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
  return "<svg class=\"plot\" " + view_box + " role=\"img\" aria-label=\"" + escape(title) +
         "\">\n" + svg;
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
  std::string text =
      "reset\nset terminal svg size " + std::string(plot.wide ? "900,340" : "440,290") +
      " dynamic noenhanced butt font 'sans-serif,15'\nset output " + quoted(file) +
      "\nset encoding utf8\nunset key\nset border " + (plot.hide_y_axis ? "1" : "3") + " " + axis +
      "\nset tics nomirror scale 0.6\nset format y '%.6g'\nset grid " +
      (plot.hide_y_axis ? "noytics xtics" : "ytics") + " " + colour("grid") + " lt 1 lw 0.7\n";
  if (plot.hide_y_axis) text += "unset ytics\nset yrange [-0.06:1.12]\n";
  if (!plot.x_label.empty()) text += "set xlabel " + quoted(plot.x_label) + "\n";
  if (plot.log_x) text += "set logscale x\nset format x '%.6g'\n";
  if (plot.log_y) text += "set logscale y\nset format y '%.0e'\n";
  if (plot.x_range) text += "set xrange " + range(plot.x_range->first, plot.x_range->second) + "\n";
  if (plot.y_from) text += "set yrange " + range(plot.y_from, std::nullopt) + "\n";
  text += tics(plot);
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
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    if (!has_points(plot, plot.series[i])) continue;
    commands += commands.empty() ? "plot " : ", ";
    commands += "$s" + std::to_string(i) + " using 1:2 " + style_of(plot.series[i], plot.stacked);
  }
  return text + commands + "\nunset output\n";
}

}  // namespace nabla::report
