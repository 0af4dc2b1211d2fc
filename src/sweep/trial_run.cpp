// SPDX-License-Identifier: MIT
#include "sweep/trial_run.h"

#include <optional>
#include <string>
#include <vector>

#include "nabla/base/error.h"

#include "base/file.h"
#include "config/configuration.h"
#include "run/stopped_run.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// The run in the folder, if it can go on.
std::optional<StoppedRun> stopped_run(const ExperimentOptions& options, const fs::path& path) {
  if (!file_exists(path / "config.ini") || !file_exists(path / "checkpoint.safetensors"))
    return std::nullopt;
  try {
    StoppedRun run{RunFolder::open(path), options, {}, {}};
    const TrainOptions there = read_configuration(run.folder.config(), {}).options.train;
    // A cosine knows from its first epoch on when it ends, and an epoch that was evaluated only as
    // the last one may have changed a plateau or an early stop.
    const bool can_grow = !traits_of(options.train.schedule.policy).depends_on_epochs &&
                          evaluates_after(there, there.epochs);
    const bool goes_on =
        there.epochs == options.train.epochs || (can_grow && there.epochs < options.train.epochs);
    std::vector<std::string> warnings;
    const bool is_same = options.train.precision == Precision::kFloat64
                             ? newest_state<double>(run.folder, options, warnings).has_value()
                             : newest_state<float>(run.folder, options, warnings).has_value();
    if (goes_on && is_same) return run;
  } catch (const Error&) {
    // Whatever is wrong with it, the trial is trained anew.
  }
  return std::nullopt;
}

}  // namespace

RunResult train_trial(const ExperimentOptions& options, const fs::path& folder,
                      const RunResources& resources, const RunCallbacks& callbacks) {
  if (const std::optional<StoppedRun> stopped = stopped_run(options, folder))
    return resume_training(*stopped, resources, callbacks);
  if (file_exists(folder)) {
    remove_run_files(folder);
    if (!fs::is_empty(folder))
      throw ConfigError(folder.string() + ": holds other files than a run's, expected none");
  }
  return run_training(options, resources, callbacks);
}

}  // namespace nabla
