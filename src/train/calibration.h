// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "nabla/train/score_curves.h"

namespace nabla {

/// Counts how often predictions come true, by their probability.
class Calibration {
 public:
  void add(double probability, bool came_true);
  /// Returns the bins that have predictions, by ascending probability.
  std::vector<CalibrationBin> bins() const;

 private:
  struct Sums {
    double probability = 0;
    std::size_t came_true = 0;
    std::size_t count = 0;
  };
  static constexpr std::size_t kBins = 10;

  std::array<Sums, kBins> sums_ = {};
};

}  // namespace nabla
