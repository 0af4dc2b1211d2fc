// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/model/topology.h"

#include "config/experiment_options.h"

namespace nabla {

/// Bytes that training on so many rows takes, data aside.
double training_bytes(const Topology& topology, const ExperimentOptions& options, std::size_t rows);

/// Throws ConfigError, naming the key to lower, if training on so many rows would take more
/// memory than the machine has. Asked before anything of that size is allocated: a system that
/// promises more memory than there is ends the program later, without a word.
void require_memory(const Topology& topology, const ExperimentOptions& options, std::size_t rows);

}  // namespace nabla
