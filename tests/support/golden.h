// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "nabla/base/matrix.h"

// These read the figures recorded in tests/golden.
namespace nabla::testing_support {

using Json = nlohmann::json;

/// Returns the matrix that a list of rows of equal length stands for.
inline Matrix<double> matrix_of(const Json& rows) {
  Matrix<double> matrix(rows.size(), rows[0].size());
  for (std::size_t r = 0; r < rows.size(); ++r)
    std::ranges::copy(rows[r].get<std::vector<double>>(), matrix.row(r).begin());
  return matrix;
}

}  // namespace nabla::testing_support
