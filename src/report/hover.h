// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/plot.h"

namespace nabla::report {

/// The values of all series at one x, shown if a pointer rests in the strip of the plot around it.
struct Hover {
  double x;
  double y;          ///< of a point there that the plot shows
  std::string text;  ///< plain text of several lines
};

/// The strips of a plot, by ascending x; some are left out if there are too many to be hit. If some
/// series have names, the others are decoration. A plot has none if it has no y axis, or points
/// that no line connects at places that are not whole.
std::vector<Hover> hovers_of(const Plot& plot);

/// Puts strips with titles in the place of the points that gnuplot drew for them in the colour
/// `colour`, one for each. If they are not as many, removes them.
std::string with_strips(std::string svg, std::span<const Hover> hovers, const std::string& colour);

}  // namespace nabla::report
