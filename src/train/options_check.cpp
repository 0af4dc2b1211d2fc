// SPDX-License-Identifier: MIT
#include "train/options_check.h"

#include <cmath>
#include <string>

#include "nabla/base/error.h"

#include "base/require_option.h"
#include "optimize/schedule.h"

namespace nabla {

namespace {

/// What watches the validation rows needs some, and more than one look at them.
void require_evaluations(const TrainOptions& options, const DataSplit& data, const char* key) {
  if (data.validation.rows() == 0)
    throw ConfigError(std::string(key) +
                      ": no validation rows to watch, expected data.validation above 0 with it");
  require_option(options.evaluate_every > 0, key, "train.evaluate-every of at least 1 with it");
}

}  // namespace

void require_valid(const TrainOptions& options, const DataSplit& data) {
  require_option(options.epochs >= 1, "train.epochs", "at least 1");
  require_option(options.learning_rate > 0 && std::isfinite(options.learning_rate),
                 "train.learning-rate", "a finite number above 0");
  require_not_negative("train.max-norm", options.max_norm);
  require_not_negative("train.clip-norm", options.clip_norm);
  require_valid(options.schedule, options.learning_rate, options.epochs);
  require_not_negative("stop.min-delta", options.stop.min_delta);
  if (options.stop.patience > 0) require_evaluations(options, data, "stop.patience");
  if (options.schedule.policy == SchedulePolicy::kPlateau)
    require_evaluations(options, data, "schedule.policy");
}

}  // namespace nabla
