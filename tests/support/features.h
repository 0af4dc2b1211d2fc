// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <variant>

#include "nabla/data/dataset.h"

namespace nabla::testing_support {

/// Returns the features as doubles in one piece of memory, to compare or to change.
inline Matrix<double> copy_of_features(const Dataset& dataset) {
  Matrix<double> copy(dataset.rows(), dataset.inputs());
  std::visit(
      [&](const auto& features) {
        for (std::size_t row = 0; row < features.rows(); ++row)
          std::ranges::copy(features.row(row), copy.row(row).begin());
      },
      dataset.features);
  return copy;
}

}  // namespace nabla::testing_support
