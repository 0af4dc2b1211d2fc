// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/model/topology.h"

#include "config/experiment_options.h"

namespace nabla {

// The model that a training starts from, and the memory that the training takes.

/// Returns the network that the options call for on these rows. Throws as plan_network does.
Topology planned_topology(const ExperimentOptions& options, const Dataset& train);

/// Bytes that training on the rows takes, data aside.
double training_bytes(const Topology& topology, const ExperimentOptions& options,
                      const Dataset& train);

/// Throws ConfigError, naming the key to lower, if training on the rows would take more
/// memory than the machine has. Asked before anything of that size is allocated: a system that
/// promises more memory than there is ends the program later, without a word.
void require_memory(const Topology& topology, const ExperimentOptions& options,
                    const Dataset& train);

/// Returns the untrained model that the options and the training rows call for. Throws as
/// plan_network, load_parameters, require_memory and require_matching do.
template <class T>
Model<T> make_model(const ExperimentOptions& options, const Dataset& train);

}  // namespace nabla
