// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace nabla {

/// Deals pieces of work, of these sizes, to ranks, so that all have about as much: the largest
/// first, each to who has least then (R. L. Graham, "Bounds on multiprocessing timing anomalies",
/// 1969). Returns the rank of each.
std::vector<std::size_t> deal(std::span<const double> work, std::size_t ranks);

}  // namespace nabla
