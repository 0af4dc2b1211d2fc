// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>

namespace nabla {

inline constexpr std::size_t kDigitSide = 28;

/// A place on the path of a round pen, in pixels; pixel (row, col) covers [col, col+1) ×
/// [row, row+1).
struct PenVertex {
  double x;
  double y;
  double radius;
};

/// How much ink lies on each pixel of one digit, in [0, 1]. A value.
///
/// All arithmetic is in double precision, with no library function but the square root, which
/// IEEE 754 defines to the last bit. As the result is quantised to 8 bits later, even compilers
/// that fuse multiplications and additions practically never change a pixel.
class DigitCanvas {
 public:
  /// Edges fade from full ink to none over `softness` > 0 pixels.
  explicit DigitCanvas(double softness) : inverse_softness_(1 / softness), reach_(softness / 2) {}

  /// Draws a straight line from `a` to `b`; the mean radius of the two is the line's.
  void draw_line(const PenVertex& a, const PenVertex& b);

  /// Row-major [28 × 28].
  const std::array<double, kDigitSide * kDigitSide>& coverage() const { return coverage_; }

 private:
  double inverse_softness_;
  double reach_;
  std::array<double, kDigitSide * kDigitSide> coverage_{};
};

}  // namespace nabla
