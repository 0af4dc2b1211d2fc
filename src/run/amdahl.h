// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>

namespace nabla {

/// A wall time measured with so many threads, in any unit of time.
struct ThreadTime {
  double threads;
  double time;
};

/// What Amdahl's law says of some measurements.
struct SerialFraction {
  /// s: the part of the time of one thread that threads do not shorten. Not clamped: below 0 where
  /// threads pay more than their number.
  double value;
  /// Standard error of it; none for two measurements, through which any line fits.
  std::optional<double> error;
};

/// The least-squares fit of T(n) = T(1)·(s + (1 − s)/n), a straight line in 1/n, with the error of
/// s carried over from those of the line's two coefficients (delta method). None for fewer than
/// two different thread counts, or where the fitted T(1) is not above 0.
/// Law: G. M. Amdahl, "Validity of the single processor approach to achieving large scale
/// computing capabilities", AFIPS 1967.
std::optional<SerialFraction> fit_amdahl(std::span<const ThreadTime> measured);

}  // namespace nabla
