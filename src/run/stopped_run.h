// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nabla/train/train_state.h"

#include "config/experiment_options.h"
#include "config/ini_file.h"
#include "run/run_folder.h"

namespace nabla {

/// An earlier run that is to go on.
struct StoppedRun {
  RunFolder folder;
  /// Those of its config.ini, then the command line's.
  ExperimentOptions options;
  std::vector<std::string> warnings;
  /// How the run ended, where nothing is left to do: "completed after 30 epochs". Else empty.
  std::string ending;
};

/// Whether train.evaluate-every asks for an evaluation after that epoch, from 1, even where it is
/// not the last one.
bool evaluates_after(const TrainOptions& options, std::size_t epoch);

/// Opens a run's folder. Of all keys the settings may only be parallel.threads, train.epochs, not
/// fewer than the run's, and output.report. Throws ConfigError for others, for a folder without a
/// run, and where another process works in it.
StoppedRun open_stopped_run(const std::filesystem::path& folder,
                            const std::vector<Setting>& settings);

/// The state in the newest checkpoint that is good. `warnings` tells of one that is not, which is
/// put out of the way, and of none at all. Throws ConfigError where it is of another experiment
/// than `options`.
template <class T>
std::optional<TrainState<T>> newest_state(const RunFolder& folder, const ExperimentOptions& options,
                                          std::vector<std::string>& warnings);

}  // namespace nabla
