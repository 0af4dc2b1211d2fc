// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "report/plot.h"

namespace nabla::report {

/// The plots of a page. Sections put the text that add() returns where a plot is to stand; once all
/// are known they are drawn together.
class Figures {
 public:
  /// A plot with its title, legend and a caption (plain text); empty where there is nothing to draw
  /// or no gnuplot.
  std::string add(Plot plot, const std::string& caption = "");

  /// Puts the plots into the page. What gnuplot complained of, or that it is missing, in one line;
  /// else empty.
  std::string fill(std::string& page) const;

  Figures();

 private:
  bool can_draw_;
  std::vector<Plot> plots_;
};

/// The figures, side by side where there is room.
std::string plots_html(const std::string& figures, bool wide = false);

/// A line of that colour and dash, as it stands in a legend.
std::string swatch(const std::string& colour, int dash = 0);

}  // namespace nabla::report
