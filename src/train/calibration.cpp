// SPDX-License-Identifier: MIT
#include "train/calibration.h"

#include <algorithm>
#include <cmath>

namespace nabla {

void Calibration::add(double probability, bool came_true) {
  if (std::isnan(probability)) return;
  const double bin = std::clamp(std::ceil(probability * kBins) - 1, 0.0, kBins - 1.0);
  Sums& sums = sums_[static_cast<std::size_t>(bin)];
  sums.probability += probability;
  sums.came_true += came_true ? 1 : 0;
  ++sums.count;
}

std::vector<CalibrationBin> Calibration::bins() const {
  std::vector<CalibrationBin> bins;
  for (const Sums& sums : sums_) {
    const auto count = static_cast<double>(sums.count);
    if (sums.count > 0)
      bins.push_back(
          {sums.probability / count, static_cast<double>(sums.came_true) / count, sums.count});
  }
  return bins;
}

}  // namespace nabla
