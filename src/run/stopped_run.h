// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "nabla/train/train_state.h"

#include "config/experiment_options.h"
#include "config/ini_file.h"
#include "run/data_identity.h"
#include "run/run_folder.h"

namespace nabla {

/// An earlier run that is to go on.
struct StoppedRun {
  RunFolder folder;
  /// Those of its config.ini, then the command line's.
  ExperimentOptions options;
  std::vector<std::string> warnings;
  /// How the run ended, if nothing is left to do: "completed after 30 epochs". Else empty.
  std::string ending;
};

/// Whether train.evaluate-every asks for an evaluation after that epoch, from 1, even if it is not
/// the last one.
bool evaluates_after(const TrainOptions& options, std::size_t epoch);

/// Opens a run's folder. The settings may give parallel.threads, train.epochs and output.report. A
/// run that has completed as many epochs as they ask for, or more, ends after those. Throws
/// ConfigError for other keys, for a folder without a run, and, unless this rank is not the first
/// one, which alone works in it, if another process does.
StoppedRun open_stopped_run(const std::filesystem::path& folder,
                            const std::vector<Setting>& settings, bool is_first_rank = true);

/// Returns the state in the newest checkpoint that is good, nullopt if there is none. `warnings`
/// gets a line for a checkpoint that is not good, which gets another name, and one if none is good.
/// Throws ConfigError if the checkpoint is of another experiment than `options`, and DataError if
/// another version has written it or if it is of other data than `data`; null: whatever the data
/// are.
template <class T>
std::optional<TrainState<T>> newest_state(const RunFolder& folder, const ExperimentOptions& options,
                                          const DataIdentity* data,
                                          std::vector<std::string>& warnings);

}  // namespace nabla
