// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace nabla {

/// What the pen does at a point of a glyph.
enum class Pen : std::uint8_t {
  kSmooth,  ///< passes through without a kink
  kCorner,  ///< passes through with a kink
  kLift,    ///< ends the stroke; the next point starts another one
};

/// A point that the pen passes through. Glyphs are about 100 units high and 60 wide around the
/// origin; x grows to the right, y downwards.
struct PenPoint {
  std::int8_t x;
  std::int8_t y;
  Pen pen = Pen::kSmooth;
};

/// One way to write a digit, in the order of writing. The last point is a lift.
struct Glyph {
  unsigned weight;  ///< how often this way is chosen, relative to the other ways
  std::span<const PenPoint> points;
};

/// The ways to write `digit`, which is below 10.
std::span<const Glyph> digit_glyphs(unsigned digit);

}  // namespace nabla
