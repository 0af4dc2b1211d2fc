// SPDX-License-Identifier: MIT
#include "data/digit_raster.h"

#include <algorithm>
#include <cmath>

namespace nabla {

namespace {

/// Pixels [first, last) of one axis.
struct PixelRange {
  int first;
  int last;
};

/// All pixels whose centres lie within `reach` of [low, high], and perhaps one more at either end.
PixelRange pixels_within(double low, double high, double reach) {
  constexpr double kCanvasSide = static_cast<double>(kDigitSide);
  return {static_cast<int>(std::clamp(low - reach, 0.0, kCanvasSide)),
          static_cast<int>(std::clamp(high + reach + 1, 0.0, kCanvasSide))};
}

}  // namespace

void DigitCanvas::draw_line(const PenVertex& a, const PenVertex& b) {
  const double radius = (a.radius + b.radius) / 2;
  const double full_inside = radius + reach_;  // no ink at this distance or further
  const PixelRange rows = pixels_within(std::min(a.y, b.y), std::max(a.y, b.y), full_inside);
  const PixelRange cols = pixels_within(std::min(a.x, b.x), std::max(a.x, b.x), full_inside);

  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length_squared = dx * dx + dy * dy;
  const double scale = length_squared > 0 ? 1 / length_squared : 0.0;
  for (int row = rows.first; row < rows.last; ++row) {
    const double py = row + 0.5 - a.y;
    double* pixels = coverage_.data() + static_cast<std::size_t>(row) * kDigitSide;
    for (int col = cols.first; col < cols.last; ++col) {
      const double px = col + 0.5 - a.x;
      const double along = std::min(1.0, std::max(0.0, (px * dx + py * dy) * scale));
      const double ex = px - along * dx;
      const double ey = py - along * dy;
      const double distance = std::sqrt(ex * ex + ey * ey);
      const double ink = std::min(1.0, (full_inside - distance) * inverse_softness_);
      pixels[col] = std::max(pixels[col], ink);
    }
  }
}

}  // namespace nabla
