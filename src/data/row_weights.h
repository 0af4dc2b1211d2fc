// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "nabla/data/class_weights.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// Returns the weight w_i of each training row: its own (Dataset::weights) times that of its class.
/// Empty if all of them are 1. Classes are counted in `train` alone; a class without rows has no
/// weight. Balanced weights are those of scikit-learn's compute_class_weight. Throws ConfigError if
/// the class weights do not fit the data, which are a regression or have another number of classes
/// than the list; DataError if every row has weight 0 or a weight overflows.
std::vector<double> row_weights(const Dataset& train, const ClassWeights& class_weights);

}  // namespace nabla
