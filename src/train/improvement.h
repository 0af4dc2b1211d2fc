// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/data/dataset.h"
#include "nabla/train/train_options.h"
#include "nabla/train/train_state.h"

namespace nabla {

/// The monitored figure of a score, turned so that more is better; below all others if it is
/// not a number.
double figure_of(const Score& score, Monitor monitor);

/// The figure that `options` ask for with this task.
Monitor monitor_of(const StopOptions& options, Task task);

/// The figure by which epochs are compared: the monitored one of the validation rows, without them
/// the accuracy on the test rows, else on the training rows; below all others if an epoch lacks
/// it, as the report of no epoch does.
double judged(const EpochReport& report, const DataSplit& data, Monitor monitor);

/// Whether a training keeps the parameters of its best epoch.
bool keeps_best(const StopOptions& options);

/// Takes in the figure of one more evaluation.
void note_evaluation(Improvement& improvement, double figure, double min_delta);

}  // namespace nabla
