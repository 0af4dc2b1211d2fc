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

/// The figure that `options` ask for.
Monitor monitor_of(const StopOptions& options);

/// Whether an epoch is better than the best one before it: by the monitored figure of the
/// validation rows, without them by the accuracy on the test rows, else on the training rows; of
/// equals the one of lower cost is better. An epoch without the figure is
/// never better; any other is better than the report of no epoch.
bool is_better(const EpochReport& report, const EpochReport& best, const DataSplit& data,
               Monitor monitor);

/// Whether a training keeps the parameters of its best epoch, which become the model's.
bool keeps_best(const StopOptions& options, bool has_validation_rows);

/// Takes in the figure of one more evaluation.
void note_evaluation(Improvement& improvement, double figure, double min_delta);

}  // namespace nabla
