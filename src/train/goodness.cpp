// SPDX-License-Identifier: MIT
#include "train/goodness.h"

#include <cmath>

namespace nabla {

namespace {

/// Σ(y − mean of its column)² over all targets, the denominator of R²; exactly 0 if each
/// column has one value only, because the distances from its first row are then 0.
double total_sum_of_squares(const Matrix<double>& targets) {
  double total = 0;
  for (std::size_t j = 0; j < targets.cols(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < targets.rows(); ++i) sum += targets(i, j) - targets(0, j);
    const double mean = targets(0, j) + sum / static_cast<double>(targets.rows());
    for (std::size_t i = 0; i < targets.rows(); ++i)
      total += (targets(i, j) - mean) * (targets(i, j) - mean);
  }
  return total;
}

}  // namespace

double misfit_of_zero_goodness(const Dataset& data) {
  return data.task == Task::kClassification ? static_cast<double>(data.rows())
                                            : total_sum_of_squares(data.targets);
}

double goodness_of(double misfit, double denominator) {
  if (denominator == 0 && !std::isnan(misfit)) return misfit == 0 ? 1 : 0;
  return 1.0 - misfit / denominator;
}

}  // namespace nabla
