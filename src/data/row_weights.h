// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "nabla/data/class_weights.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// The weight w_i of each training row: its own (Dataset::weights) times that of its class. Empty
/// if all of them are 1. Classes are counted in `train` alone; one without rows has no weight.
/// Balanced weights: scikit-learn, compute_class_weight.
/// Throws ConfigError if the class weights do not fit the data: for a regression, or a list of
/// another length than there are classes; DataError if every row has weight 0 or a weight
/// overflows.
std::vector<double> row_weights(const Dataset& train, const ClassWeights& class_weights);

}  // namespace nabla
