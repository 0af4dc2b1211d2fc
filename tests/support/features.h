// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "nabla/data/dataset.h"

#include "data/row_entries.h"

namespace nabla::testing_support {

/// Returns the features as doubles in one piece of memory, to compare or to change.
inline Matrix<double> copy_of_features(const Dataset& dataset) {
  Matrix<double> copy(dataset.rows(), dataset.inputs());
  for (std::size_t row = 0; row < dataset.rows(); ++row)
    std::ranges::copy(row_of_features(dataset, row), copy.row(row).begin());
  return copy;
}

}  // namespace nabla::testing_support
