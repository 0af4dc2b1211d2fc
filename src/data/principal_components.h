// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// The first `count` eigenvectors, by descending eigenvalue λ, of the population covariance of the
/// features; [count × features], row-major. The largest entry by magnitude of each (the first of
/// equals) is positive. With `whiten` each is divided by √(λ + 1e-5). `means` are the features'.
/// On the calling thread. Throws ConfigError where the covariance would not fit into memory and
/// DataError where it is beyond the range of double. See CS231n, "Data Preprocessing".
std::vector<double> principal_components(const Dataset& data, const std::vector<double>& means,
                                         std::size_t count, bool whiten);

}  // namespace nabla
