// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nabla::report {

/// A text at a place of an axis; without text a minor tic.
struct Tic {
  double at;
  std::string text;
};

/// Whole numbers within [low, high], at most `most` of them, apart by 1, 2 or 5 times a power of
/// ten, of which they are multiples. `most` ≥ 2. Empty if there is no whole number.
std::vector<Tic> whole_tics(double low, double high, std::size_t most = 10);

/// A logarithmic axis: its ends are 1, 2 or 5 times a power of ten; it has at least one power of
/// ten between or at them.
struct LogAxis {
  double low;
  double high;
  /// Powers of ten as "10⁻³", and minor tics between them.
  std::vector<Tic> tics;
};

/// The axis for numbers from `smallest` to `largest`, 0 < smallest ≤ largest.
LogAxis log_axis(double smallest, double largest);

/// "10⁻³"
std::string power_of_ten(int exponent);

/// Whether two neighbours would touch if the texts were written side by side, centred at their
/// places and in characters of usual width, on an axis with so many characters per unit.
bool do_texts_collide(const std::vector<Tic>& tics, double characters_per_unit);

}  // namespace nabla::report
