// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// Throws ConfigError naming the key that is out of range, or that needs rows which `data` lacks.
void require_valid(const TrainOptions& options, const DataSplit& data);

}  // namespace nabla
