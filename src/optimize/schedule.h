// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/optimize/schedule_options.h"

namespace nabla {

/// Where in a training a learning rate is asked for.
struct SchedulePoint {
  std::size_t epoch = 0;       ///< from 0
  std::size_t epochs = 1;      ///< asked for; cosine only
  std::size_t reductions = 0;  ///< times the rate has fallen so far; plateau only
};

/// The learning rate of an epoch, without the factor of a warm-up.
double epoch_rate(const ScheduleOptions& options, double learning_rate, SchedulePoint point);

/// What the rate is multiplied by at `step` (from 0, over all epochs); 1 after `warmup_steps`.
double warmup_factor(std::size_t step, std::size_t warmup_steps);

}  // namespace nabla
