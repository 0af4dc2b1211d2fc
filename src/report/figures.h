// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/plot.h"

namespace nabla::report {

/// The gnuplot on PATH, if there is one.
std::optional<std::filesystem::path> find_gnuplot();

struct Drawings {
  /// One per plot; empty if it could not be drawn.
  std::vector<std::string> svgs;
  /// Why gnuplot failed, in one line; empty if it did not.
  std::string problem;
};

/// Draws all plots with one gnuplot process, without the user's start-up files.
Drawings draw(const std::filesystem::path& gnuplot, std::span<const Plot> plots);

/// The plots of a page. Sections put the text that add() returns in place of a plot; once all are
/// known they are drawn together.
class Figures {
 public:
  /// Adds a plot with its title, legend and a caption (plain text). Returns an empty text if there
  /// is nothing to draw or no gnuplot.
  std::string add(Plot plot, const std::string& caption = "");

  /// Puts the plots into the page. Returns why gnuplot failed, or that it is missing, in one line;
  /// else an empty text.
  std::string fill(std::string& page) const;

  Figures();

 private:
  bool can_draw_;
  std::vector<Plot> plots_;
};

/// The figures, side by side if there is room.
std::string plots_html(const std::string& figures, bool wide = false);

/// A line of that colour and dash, as it stands in a legend.
std::string swatch(const std::string& colour, int dash = 0);

}  // namespace nabla::report
