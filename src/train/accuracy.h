// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"

namespace nabla {

/// The number by which the summed misses of all rows (Workspace::miss) are divided to give
/// 1 − Score::accuracy: the rows of a classification, Σ(y − ȳ)² of a regression.
double accuracy_denominator(const Dataset& data);

/// Score::accuracy from the summed misses and their denominator; NaN if the sum is NaN.
double accuracy_of(double miss, double denominator);

}  // namespace nabla
