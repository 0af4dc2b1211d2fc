// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "support/rounding.h"

namespace nabla::testing_support {

/// Returns a bound, for each of the results of path(start), on the difference between two trainings
/// in double that differ by rounding alone. `start` are the parameters [any number], and `path`
/// returns a std::vector<double>. Either training moves the parameters by γ_roundings of their
/// size, or of 1 for smaller ones, all steps together; results follow by Σ_p |∂result/∂p| (Higham,
/// Accuracy and Stability of Numerical Algorithms, §1.6: error ≲ condition × backward error), which
/// differences of paths from neighbouring starts estimate here. Parameters that start at 0 may be
/// padding and are not moved.
template <class Path>
std::vector<double> path_errors(Path path, const std::vector<double>& start,
                                std::size_t roundings) {
  constexpr double kMove = 0x1p-20;
  const double rounding = 2 * static_cast<double>(gamma<double>(roundings));
  const std::vector<double> results = path(start);
  std::vector<double> errors;
  for (const double result : results) errors.push_back(rounding * std::abs(result));
  for (std::size_t p = 0; p < start.size(); ++p) {
    if (start[p] == 0) continue;
    std::vector<double> moved = start;
    moved[p] += kMove * std::max(1.0, std::abs(start[p]));
    const std::vector<double> other = path(moved);
    for (std::size_t i = 0; i < results.size(); ++i)
      errors[i] += rounding * std::abs(other[i] - results[i]) / kMove;
  }
  return errors;
}

}  // namespace nabla::testing_support
