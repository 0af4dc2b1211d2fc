// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/optimize/schedule_options.h"

namespace nabla {

/// The point of a training that a learning rate is wanted for.
struct SchedulePoint {
  std::size_t epoch = 0;       ///< from 0
  std::size_t epochs = 1;      ///< of the whole training; cosine only
  std::size_t reductions = 0;  ///< times the rate has fallen so far; plateau only
};

/// Returns the learning rate of an epoch, without the factor of a warm-up.
double epoch_rate(const ScheduleOptions& options, double learning_rate, SchedulePoint point);

/// Returns the factor of the rate at `step`, counted from 0 over all epochs; 1 after
/// `warmup_steps`.
double warmup_factor(std::size_t step, std::size_t warmup_steps);

}  // namespace nabla
