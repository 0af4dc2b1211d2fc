// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// Σ(y − ȳ)² of one column of targets; exactly 0 if they are all the same.
double sum_of_squares(const Matrix<double>& targets, std::size_t column);

/// The number by which the summed misfits of all rows (Workspace::misfit) are divided to give
/// 1 − Score::goodness: Σ(y − ȳ)² of a regression, else the rows.
double misfit_of_zero_goodness(const Dataset& data);

/// Score::goodness from the summed misfits and their denominator; NaN if the sum is NaN.
double goodness_of(double misfit, double denominator);

}  // namespace nabla
