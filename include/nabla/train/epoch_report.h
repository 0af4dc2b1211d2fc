// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "nabla/train/evaluation.h"

namespace nabla {

/// After an epoch: one line of metrics.csv.
struct EpochReport {
  std::size_t epoch = 0;  ///< from 1
  double seconds = 0;     ///< training time of this epoch
  double samples_per_second = 0;
  /// The epoch's by its schedule, without the factor of a warm-up.
  double learning_rate = 0;
  Score train;  ///< means over the epoch's rows as seen during training
  std::optional<Score> validation;
  std::optional<Score> test;
};

}  // namespace nabla
