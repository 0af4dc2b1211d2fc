// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "report/figures.h"
#include "report/page.h"
#include "report/plot.h"
#include "report/run_files.h"

namespace nabla::report {

/// A column of metrics.csv by epoch, times `factor`, thinned to some hundreds of points.
Series curve_of(const RunFiles& run, const std::string& column, double factor = 1);

/// Makes the y axis logarithmic if the values are all above 0 and span more than a factor of 30,
/// and lets it begin at −1 if single values below would flatten the rest.
void settle_scale(Plot& plot);

/// Costs, accuracies, learning rate and speed by epoch. Empty if there is no metrics.csv.
Section curves_section(const RunFiles& run, Figures& figures);

}  // namespace nabla::report
