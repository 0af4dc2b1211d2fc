// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/experiment_options.h"

namespace nabla {

/// The keys that make an experiment what it is, one "key = value" line each: those with another
/// value than their default, without the ones that change no result (threads, output) or only
/// where a training ends (train.epochs). UTF-8, whatever the values are.
std::string essential_keys(const ExperimentOptions& options);

/// Throws ConfigError naming a key in which `options` differ from those that `written` tells of;
/// `file` is where the options come from and `checkpoint` where `written` stands.
void require_same_experiment(const ExperimentOptions& options, const std::string& written,
                             const std::string& file, const std::string& checkpoint);

}  // namespace nabla
