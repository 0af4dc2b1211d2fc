// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

// Statistics of each feature over all rows, of which there is at least one, in double precision
// and in the order of the rows. They are infinite or NaN if they are beyond the range of double.

/// The mean of each feature; exact for a constant one, as it is summed from the first row's value.
std::vector<double> column_means(const Dataset& data);

/// The population standard deviation of each feature, given its mean.
std::vector<double> column_deviations(const Dataset& data, const std::vector<double>& means);

struct ColumnRanges {
  std::vector<double> lowest;
  std::vector<double> ranges;  ///< highest − lowest
};
ColumnRanges column_ranges(const Dataset& data);

/// Throws DataError, which begins with the configuration key, if a number is infinite or NaN;
/// `column` is "feature" or "target".
void require_finite_spreads(const std::vector<double>& spreads, const char* key,
                            const char* column);

/// Makes spreads numbers to divide by: 1 in place of 0, and of those so small that their reciprocal
/// is infinite.
void make_divisors(std::vector<double>& spreads);

}  // namespace nabla
