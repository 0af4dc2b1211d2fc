// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "nabla/train/cross_validation.h"

namespace nabla {

namespace {

/// The fraction of test rows whose class is the training rows' most frequent one.
double share_of_most_frequent(const Dataset& train, const Dataset& test) {
  std::vector<std::size_t> counts(train.classes.size());
  for (const std::uint32_t label : train.labels) ++counts[label];
  const auto guess = static_cast<std::uint32_t>(std::ranges::max_element(counts) - counts.begin());
  return static_cast<double>(std::ranges::count(test.labels, guess)) /
         static_cast<double>(test.rows());
}

/// Σ(y − mean of the training rows' targets)² over the test rows' targets.
double sum_of_squares_about_mean(const Matrix<double>& train, const Matrix<double>& test) {
  double sum = 0;
  for (std::size_t j = 0; j < train.cols(); ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < train.rows(); ++i)
      mean += (train(i, j) - mean) / static_cast<double>(i + 1);
    for (std::size_t i = 0; i < test.rows(); ++i) sum += std::pow(test(i, j) - mean, 2);
  }
  return sum;
}

}  // namespace

ZeroRule zero_rule(const Dataset& train, const Dataset& test) {
  if (train.task == Task::kClassification) return {share_of_most_frequent(train, test), 0};
  const double miss = sum_of_squares_about_mean(train.targets, test.targets);
  const auto values = static_cast<double>(test.rows() * test.outputs());
  return {accuracy_of(miss, accuracy_denominator(test)), std::sqrt(miss / values)};
}

}  // namespace nabla
