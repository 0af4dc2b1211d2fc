// SPDX-License-Identifier: MIT
#include "train/options_check.h"

#include <cmath>
#include <string>

#include "nabla/base/error.h"

#include "optimize/schedule.h"

namespace nabla {

namespace {

void require(bool holds, const char* key, const std::string& expected) {
  if (!holds) throw ConfigError(std::string(key) + ": expected " + expected);
}

void require_not_negative(double value, const char* key) {
  require(value >= 0 && std::isfinite(value), key, "a finite number of at least 0");
}

/// What watches the validation rows needs some, and more than one look at them.
void require_evaluations(const TrainOptions& options, const DataSplit& data, const char* key) {
  if (data.validation.rows() == 0)
    throw ConfigError(std::string(key) +
                      ": no validation rows to watch, expected data.validation above 0 with it");
  require(options.evaluate_every > 0, key, "train.evaluate-every of at least 1 with it");
}

}  // namespace

void require_valid(const TrainOptions& options, const DataSplit& data) {
  require(options.epochs >= 1, "train.epochs", "at least 1");
  require(options.learning_rate > 0 && std::isfinite(options.learning_rate), "train.learning-rate",
          "a finite number above 0");
  require_not_negative(options.l1, "train.l1");
  require_not_negative(options.l2, "train.l2");
  require_not_negative(options.max_norm, "train.max-norm");
  require_not_negative(options.clip_norm, "train.clip-norm");
  require_valid(options.schedule, options.learning_rate, options.epochs);
  require_not_negative(options.stop.min_delta, "stop.min-delta");
  if (options.stop.patience > 0) require_evaluations(options, data, "stop.patience");
  if (options.schedule.policy == SchedulePolicy::kPlateau)
    require_evaluations(options, data, "schedule.policy");
}

}  // namespace nabla
