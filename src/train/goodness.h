// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"

namespace nabla {

/// The number by which the summed misfits of all rows (Workspace::misfit) are divided to give
/// 1 − Score::goodness: the rows of a classification, Σ(y − ȳ)² of a regression.
double misfit_of_zero_goodness(const Dataset& data);

/// Score::goodness from the summed misfits and their denominator; NaN if the sum is NaN.
double goodness_of(double misfit, double denominator);

}  // namespace nabla
