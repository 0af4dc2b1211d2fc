// SPDX-License-Identifier: MIT
#include "train/improvement.h"

#include <cmath>
#include <optional>

namespace nabla {

namespace {

/// Returns nullopt if the epoch lacks the score that it is judged by.
std::optional<Score> judged(const EpochReport& report, const DataSplit& data) {
  if (report.epoch == 0) return std::nullopt;
  if (data.validation.rows() > 0) return report.validation;
  return data.test.rows() > 0 ? report.test : report.train;
}

}  // namespace

double figure_of(const Score& score, Monitor monitor) {
  const double figure = monitor == Monitor::kValidationCost ? -score.cost : score.goodness;
  return std::isnan(figure) ? -HUGE_VAL : figure;
}

Monitor monitor_of(const StopOptions& options) {
  return options.monitor.value_or(Monitor::kValidationCost);
}

bool is_better(const EpochReport& report, const EpochReport& best, const DataSplit& data,
               Monitor monitor) {
  if (data.validation.rows() == 0) monitor = Monitor::kValidationAccuracy;
  const std::optional<Score> one = judged(report, data), other = judged(best, data);
  if (!one || figure_of(*one, monitor) == -HUGE_VAL) return false;
  if (!other) return true;
  const double figure = figure_of(*one, monitor), passed = figure_of(*other, monitor);
  return figure != passed ? figure > passed : one->cost < other->cost;
}

bool keeps_best(const StopOptions& options, bool has_validation_rows) {
  return options.restore_best && has_validation_rows;
}

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
