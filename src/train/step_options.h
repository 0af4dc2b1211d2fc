// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/topology.h"
#include "nabla/train/train_options.h"

#include "engine/step.h"

namespace nabla {

/// What of a training's options concerns each step. Throws ConfigError where the dropout fractions
/// are out of range or not as many as the hidden layers.
StepOptions step_options(const TrainOptions& options, const Topology& topology);

}  // namespace nabla
