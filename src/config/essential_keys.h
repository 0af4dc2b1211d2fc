// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/experiment_options.h"

namespace nabla {

/// The keys on which the result of an experiment depends, one "key = value" line each, if their
/// value is not their default. Threads and output change no result; train.epochs, which changes
/// only the end of a training, is left out, too. UTF-8, whatever the values are.
std::string essential_keys(const ExperimentOptions& options);

/// Throws ConfigError naming a key in which `options` differ from the essential_keys `written`;
/// `file` names the origin of the options, `checkpoint` that of `written`.
void require_same_experiment(const ExperimentOptions& options, const std::string& written,
                             const std::string& file, const std::string& checkpoint);

}  // namespace nabla
