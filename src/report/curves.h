// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "report/plot.h"
#include "report/run_files.h"

namespace nabla::report {

/// A column of metrics.csv by epoch, times `factor`, thinned to some hundreds of points.
Series curve_of(const RunFiles& run, const std::string& column, double factor = 1);

/// A logarithmic y axis where the values are all above 0 and span more than a factor of 30; else it
/// begins at −1 where single values below would flatten the rest.
void settle_scale(Plot& plot);

}  // namespace nabla::report
