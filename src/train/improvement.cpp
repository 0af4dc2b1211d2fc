// SPDX-License-Identifier: MIT
#include "train/improvement.h"

#include <cmath>

namespace nabla {

double figure_of(const Score& score, Monitor monitor) {
  const double figure = monitor == Monitor::kValidationCost ? -score.cost : score.accuracy;
  return std::isnan(figure) ? -HUGE_VAL : figure;
}

Monitor monitor_of(const StopOptions& options, Task task) {
  return options.monitor.value_or(task == Task::kClassification ? Monitor::kValidationAccuracy
                                                                : Monitor::kValidationCost);
}

double judged(const EpochReport& report, const DataSplit& data, Monitor monitor) {
  if (report.epoch == 0) return -HUGE_VAL;
  if (data.validation.rows() > 0)
    return report.validation ? figure_of(*report.validation, monitor) : -HUGE_VAL;
  const Score* score = &report.train;
  if (data.test.rows() > 0) score = report.test ? &*report.test : nullptr;
  return score ? figure_of(*score, Monitor::kValidationAccuracy) : -HUGE_VAL;
}

bool keeps_best(const StopOptions& options) { return options.patience > 0 && options.restore_best; }

void note_evaluation(Improvement& improvement, double figure, double min_delta) {
  if (figure > improvement.reference + min_delta) {
    improvement.reference = figure;
    improvement.since_stop = 0;
    improvement.since_reduction = 0;
  } else {
    ++improvement.since_stop;
    ++improvement.since_reduction;
  }
}

}  // namespace nabla
