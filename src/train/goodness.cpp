// SPDX-License-Identifier: MIT
#include "train/goodness.h"

#include <cmath>

namespace nabla {

double sum_of_squares(const Matrix<double>& targets, std::size_t column) {
  // The distances from the first row are 0 if all targets are the same.
  double sum = 0;
  for (std::size_t i = 0; i < targets.rows(); ++i) sum += targets(i, column) - targets(0, column);
  const double mean = targets(0, column) + sum / static_cast<double>(targets.rows());
  double total = 0;
  for (std::size_t i = 0; i < targets.rows(); ++i)
    total += (targets(i, column) - mean) * (targets(i, column) - mean);
  return total;
}

double misfit_of_zero_goodness(const Dataset& data) {
  if (data.task != Task::kRegression) return static_cast<double>(data.rows());
  double total = 0;
  for (std::size_t j = 0; j < data.targets.cols(); ++j) total += sum_of_squares(data.targets, j);
  return total;
}

double goodness_of(double misfit, double denominator) {
  if (denominator == 0 && !std::isnan(misfit)) return misfit == 0 ? 1 : 0;
  return 1.0 - misfit / denominator;
}

}  // namespace nabla
