// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"

#include "config/experiment_options.h"

namespace nabla {

/// The untrained model that the options and the training rows call for. Throws as plan_network,
/// load_parameters, require_memory and require_matching do.
template <class T>
Model<T> make_model(const ExperimentOptions& options, const Dataset& train);

}  // namespace nabla
