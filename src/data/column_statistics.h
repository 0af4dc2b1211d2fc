// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

// Statistics of each feature over all rows, of which there is at least one, in double precision
// and in the order of the rows. Where they are beyond the range of double they are infinite or NaN.

/// The mean of each feature; exact for a constant one, as it is summed from the first row's value.
std::vector<double> column_means(const Dataset& data);

/// The population standard deviation of each feature, given its mean.
std::vector<double> column_deviations(const Dataset& data, const std::vector<double>& means);

struct ColumnRanges {
  std::vector<double> lowest;
  std::vector<double> ranges;  ///< highest − lowest
};
ColumnRanges column_ranges(const Dataset& data);

}  // namespace nabla
