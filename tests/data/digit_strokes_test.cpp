// SPDX-License-Identifier: MIT
#include "data/digit_strokes.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <gtest/gtest.h>

namespace nabla {
namespace {

// What the drawing relies on.
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

}  // namespace
}  // namespace nabla
