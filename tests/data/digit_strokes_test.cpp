// SPDX-License-Identifier: MIT
#include "data/digit_strokes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <gtest/gtest.h>

namespace nabla {
namespace {

// The drawing relies on these properties.
TEST(DigitGlyphs, AreWellFormed) {
  for (unsigned digit = 0; digit < 10; ++digit) {
    SCOPED_TRACE(digit);
    ASSERT_GE(digit_glyphs(digit).size(), 2u);
    for (const Glyph& glyph : digit_glyphs(digit)) {
      EXPECT_GT(glyph.weight, 0u);
      ASSERT_FALSE(glyph.points.empty());
      EXPECT_EQ(glyph.points.back().pen, Pen::kLift);
      std::size_t stroke_length = 0;
      int top = 0, bottom = 0;
      for (const PenPoint& point : glyph.points) {
        ++stroke_length;
        if (point.pen == Pen::kLift) {
          EXPECT_GE(stroke_length, 2u);
          stroke_length = 0;
        }
        top = std::min<int>(top, point.y);
        bottom = std::max<int>(bottom, point.y);
        EXPECT_LE(std::abs(point.x), 36);
      }
      EXPECT_NEAR(top, -50, 4);
      EXPECT_NEAR(bottom, 50, 4);
    }
  }
}

double at(const DigitCanvas& canvas, std::size_t row, std::size_t col) {
  return canvas.coverage()[row * kDigitSide + col];
}

// Distance to the nearest of many points of the line.
double sampled_distance(const PenVertex& a, const PenVertex& b, double x, double y) {
  double nearest = 1e9;
  constexpr int kSamples = 2000;
  for (int i = 0; i <= kSamples; ++i) {
    const double t = static_cast<double>(i) / kSamples;
    nearest = std::min(nearest, std::hypot(a.x + t * (b.x - a.x) - x, a.y + t * (b.y - a.y) - y));
  }
  return nearest;
}

TEST(DigitCanvas, MatchesSampledDistances) {
  const PenVertex lines[][2] = {
      {{5.2, 20.7, 1.0}, {19.9, 6.1, 2.0}},    // slanted
      {{14.0, 3.0, 0.7}, {14.0, 25.0, 0.7}},   // upright
      {{24.0, 9.5, 1.4}, {9.0, 9.5, 1.4}},     // level, to the left
      {{12.3, 12.8, 2.5}, {12.3, 12.8, 2.5}},  // a dot
      {{-6.0, 4.0, 1.5}, {31.0, 40.0, 1.5}},   // leaves the image
  };
  constexpr double kSoftness = 1.3;
  for (const auto& [a, b] : lines) {
    DigitCanvas canvas(kSoftness);
    canvas.draw_line(a, b);
    const double radius = (a.radius + b.radius) / 2;
    for (std::size_t row = 0; row < kDigitSide; ++row)
      for (std::size_t col = 0; col < kDigitSide; ++col) {
        const double distance =
            sampled_distance(a, b, static_cast<double>(col) + 0.5, static_cast<double>(row) + 0.5);
        const double ink = std::clamp((radius - distance) / kSoftness + 0.5, 0.0, 1.0);
        ASSERT_NEAR(at(canvas, row, col), ink, 0.01) << "row " << row << " column " << col;
      }
  }
}

TEST(DigitCanvas, CrossingLinesKeepTheDarkerInk) {
  DigitCanvas both(1.0), level(1.0), upright(1.0);
  const PenVertex left{4, 14, 1}, right{24, 14, 1}, top{14, 4, 2}, bottom{14, 24, 2};
  level.draw_line(left, right);
  upright.draw_line(top, bottom);
  both.draw_line(left, right);
  both.draw_line(top, bottom);
  for (std::size_t row = 0; row < kDigitSide; ++row)
    for (std::size_t col = 0; col < kDigitSide; ++col)
      EXPECT_EQ(at(both, row, col), std::max(at(level, row, col), at(upright, row, col)));
}

TEST(DigitCanvas, LinesFarOutsideLeaveNoInk) {
  DigitCanvas canvas(1.5);
  canvas.draw_line({-1e6, -50, 2}, {1e6, -50, 2});
  canvas.draw_line({500, 3, 2}, {500, 90, 2});
  for (const double ink : canvas.coverage()) EXPECT_EQ(ink, 0.0);
}

}  // namespace
}  // namespace nabla
