// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/configuration.h"

namespace nabla {

/// One setting of the swept keys.
struct Trial {
  std::size_t number;               ///< from 1
  std::vector<std::string> values;  ///< one for each swept key
  /// Those of the configuration with the values in place and without its sweep; output.dir is still
  /// the sweep's.
  ExperimentOptions options;
};

/// Why sweep.score = crossval refuses data.
inline constexpr const char* kNoValidationRows =
    "crossval contradicts validation rows, as each fold is scored on its own; expected "
    "data.validation = 0";

/// So many trials train for so many epochs.
struct SweepRound {
  std::size_t trials;
  /// 0: as each trial's own train.epochs says.
  std::size_t epochs;
};

/// All trials of the configured sweep. Trial i of random and halving depends on sweep.seed, i and
/// the swept keys only. Throws ConfigError naming place and trial if values contradict each other
/// or the rest of the configuration, and for a sweep without keys.
std::vector<Trial> make_trials(const Configuration& configuration);

/// The rounds of the sweep: one for grid and random. Halving keeps a third, rounded down, each
/// time and trains it three times as long, the last round for train.epochs; it has as many rounds
/// as trials and epochs can be divided by three. One round if train.epochs is unset: its number
/// follows from the data (nabla/train/resolved.h).
std::vector<SweepRound> sweep_rounds(const ExperimentOptions& options, std::size_t trials);

/// "network.hidden = 30, 30; train.learning-rate = 3"
std::string describe_trial(const std::vector<SweptKey>& keys, const Trial& trial);

/// The message of an error in a trial's options, with the place of the key that it begins with, if
/// any, and the trial.
std::string trial_error(const std::string& message, const Configuration& configuration,
                        const Trial& trial);

}  // namespace nabla
