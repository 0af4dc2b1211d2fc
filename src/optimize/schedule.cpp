// SPDX-License-Identifier: MIT
#include "optimize/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nabla {

namespace {

/// The rate before the lower bound.
double free_rate(const ScheduleOptions& options, double rate, SchedulePoint point) {
  const auto epoch = static_cast<double>(point.epoch);
  switch (options.policy) {
    case SchedulePolicy::kConstant:
      return rate;
    case SchedulePolicy::kStep:
      return rate *
             std::pow(options.factor, static_cast<double>(point.epoch / options.step_epochs));
    case SchedulePolicy::kExponential:
      return rate * std::pow(options.factor, epoch);
    case SchedulePolicy::kInverse:
      return rate / (1 + options.factor * epoch);
    case SchedulePolicy::kCosine: {
      const double angle = std::numbers::pi * epoch / static_cast<double>(point.epochs);
      return options.min_rate + (rate - options.min_rate) * (1 + std::cos(angle)) / 2;
    }
    case SchedulePolicy::kPlateau:
      return rate * std::pow(options.factor, static_cast<double>(point.reductions));
  }
  return rate;
}

}  // namespace

double epoch_rate(const ScheduleOptions& options, double learning_rate, SchedulePoint point) {
  return std::max(free_rate(options, learning_rate, point), options.min_rate);
}

double warmup_factor(std::size_t step, std::size_t warmup_steps) {
  if (step >= warmup_steps) return 1;
  return static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
}

}  // namespace nabla
