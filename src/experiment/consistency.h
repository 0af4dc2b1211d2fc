// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "experiment/experiment_options.h"

namespace nabla {

/// The keys that were given, each with its place (Setting::place).
using Origins = std::map<std::string, std::string>;

/// Throws ConfigError for keys that contradict each other whatever the data turn out to be.
void require_consistent(const ExperimentOptions& options, const Origins& origins);

/// The same for the keys of the section [sweep] alone.
void require_consistent_sweep(const ExperimentOptions& options, const Origins& origins);

/// One line for each key that was given another value than its default although it has no effect.
std::vector<std::string> ineffective_keys(const ExperimentOptions& options, const Origins& origins);

}  // namespace nabla
