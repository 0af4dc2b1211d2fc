// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/data/dataset.h"

#include "config/experiment_options.h"

namespace nabla {

/// What one trial takes.
struct TrialWork {
  /// Threads that it gains from, at most those there are: 1 where a mini-batch is not worth
  /// threads, else the tasks that it offers side by side.
  std::size_t threads = 1;
  double memory = 0;  ///< bytes, data aside
  double flops = 0;   ///< of one epoch
};

/// The work of training with these options on these data. Throws ConfigError for options that do
/// not fit the data or the machine's memory, before anything large is made.
TrialWork plan_trial(const ExperimentOptions& options, const DataSplit& data, std::size_t threads);

}  // namespace nabla
