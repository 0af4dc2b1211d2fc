// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/topology.h"
#include "nabla/train/train_options.h"

#include "engine/plan.h"
#include "engine/step.h"

namespace nabla {

/// The options of a training that concern each step. Throws ConfigError if the dropout fractions
/// are out of range or not as many as the hidden layers.
StepOptions step_options(const TrainOptions& options, const Topology& topology);

NormBounds norm_bounds(const TrainOptions& options);

/// The plan by which a training on so many rows makes its steps.
StepPlan plan_training(const Topology& topology, std::size_t rows, const TrainOptions& options,
                       const ParallelOptions& parallel);

}  // namespace nabla
