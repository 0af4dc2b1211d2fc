// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "sweep/sweep.h"

namespace nabla {

/// summary.json of a sweep: how it ended, and its best trial. `seconds`: wall time of this call.
void replace_sweep_summary(const std::filesystem::path& file, const ExperimentOptions& options,
                           const SweepResult& result, double seconds);

}  // namespace nabla
