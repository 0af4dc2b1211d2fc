// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// The movement of the pen at a point of a glyph.
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

/// Returns the ways to write `digit`, which is below 10.
std::span<const Glyph> digit_glyphs(unsigned digit);

inline constexpr std::size_t kDigitSide = 28;

/// A place on the path of a round pen, in pixels; pixel (row, col) covers [col, col+1) ×
/// [row, row+1).
struct PenVertex {
  double x;
  double y;
  double radius;
};

/// The amount of ink on each pixel of one digit, in [0, 1]. A value.
///
/// All arithmetic is in double precision and uses no library function but the square root, which
/// IEEE 754 defines to the last bit. As the result is quantised to 8 bits later, even compilers
/// that fuse multiplications and additions practically never change a pixel.
class DigitCanvas {
 public:
  /// Edges fade from full ink to none over `softness` > 0 pixels.
  explicit DigitCanvas(double softness) : inverse_softness_(1 / softness), reach_(softness / 2) {}

  /// Draws a straight line from `a` to `b`; the mean radius of the two is the line's.
  void draw_line(const PenVertex& a, const PenVertex& b);

  /// Returns the ink of each pixel, row-major [28 × 28].
  const std::array<double, kDigitSide * kDigitSide>& coverage() const { return coverage_; }

 private:
  double inverse_softness_;
  double reach_;
  std::array<double, kDigitSide * kDigitSide> coverage_{};
};

/// Returns rows [first, first + count) of an endless series of hand-drawn looking grey digits,
/// 28×28 pixels, uint8, ten classes "0" to "9". Row i depends on `seed` and i only.
Dataset make_digits(std::uint64_t seed, std::size_t first, std::size_t count);

/// Returns the training rows of `options`; the test rows follow them in the series.
SourceRows read_digits_source(const DataOptions& options);

}  // namespace nabla
