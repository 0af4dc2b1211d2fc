// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "run/experiment.h"

namespace nabla {

/// Trains into the folder: goes on from a checkpoint there that a run of the same options has left,
/// be it with fewer epochs, where that leads to the bytes of a run never stopped; else anew, in
/// place of whatever run is there. Throws as run_training does, and ConfigError where other files
/// than a run's are in the folder.
RunResult train_trial(const ExperimentOptions& options, const std::filesystem::path& folder,
                      const RunResources& resources, const RunCallbacks& callbacks);

}  // namespace nabla
