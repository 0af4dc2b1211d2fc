// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/axis.h"

namespace nabla::report {

/// kSteps: a point's y holds from the x of the point before on.
enum class Draw { kLine, kSteps, kLineAndPoints, kPoints, kBoxes };

/// The colours "c1" … "c8" of the page's style sheet tell series apart.
inline constexpr std::size_t kColours = 8;
/// The colour of the series at that place; after the last colour the first comes again.
inline std::string colour_of(std::size_t place) {
  return "c" + std::to_string(place % kColours + 1);
}

/// Points of one colour. Those that are not finite, or not above 0 on a logarithmic axis, are left
/// out.
struct Series {
  std::string name = {};  ///< plain text, in the legend and where a pointer rests; may be empty
  std::vector<std::pair<double, double>> points = {};
  Draw draw = Draw::kLine;
  /// "c1" … "c8", "r0" … "r9" or "axis" of the style sheet.
  std::string colour = "c1";
  /// 0: solid, else one of gnuplot's dash types 2, 3, 4.
  int dash = 0;
  /// Plain text shown if a pointer rests on the line.
  std::string hint = {};
  /// Plain texts, one per point, shown in place of its y; of kPoints if a pointer rests on the
  /// point. Empty: none.
  std::vector<std::string> hints = {};
};

struct Plot {
  std::string title;  ///< plain text
  std::string x_label = {};
  bool log_x = false;
  bool log_y = false;
  /// x counts something: tics stand at whole numbers only.
  bool whole_x = false;
  /// The first one is drawn on top.
  std::vector<Series> series = {};
  bool has_legend = true;
  /// A dashed vertical line.
  std::optional<double> marked_x = std::nullopt;
  /// Instead of the numbers that gnuplot chooses.
  std::vector<Tic> x_tics = {};
  std::optional<std::pair<double, double>> x_range = std::nullopt;
  std::optional<double> y_from = std::nullopt;
  std::optional<double> y_to = std::nullopt;
  /// Boxes stand upon each other instead of side by side.
  bool stacked = false;
  bool wide = false;
  /// Texts inside the plot, right of (x, y).
  std::vector<std::pair<std::pair<double, double>, std::string>> labels = {};
  /// No y axis; y goes from 0 to 1.
  bool hide_y_axis = false;
};

/// Whether the point can be drawn on these axes.
bool is_shown(const Plot& plot, const std::pair<double, double>& point);

/// Whether there is a point to draw.
bool is_drawable(const Plot& plot);

/// The commands that draw the plot with gnuplot's SVG terminal into the file. All texts are quoted,
/// so that none is taken for a command.
std::string gnuplot_script(const Plot& plot, const std::string& file);

/// The output of gnuplot's SVG terminal for the plot as an element of the page: colours follow the
/// style sheet, ids and elements that draw nothing are gone, point symbols are those of
/// svg_symbols(), and values are shown to a pointer. Screen readers say the plot's title.
std::string svg_for_page(std::string svg, const Plot& plot);

/// The point symbols that all plots of a page use, to stand once in it.
std::string svg_symbols();

}  // namespace nabla::report
