// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/model/topology.h"

namespace nabla {

/// Which layers' products give every row the same bits whether `shards` shards of `rows` rows each
/// are multiplied one by one or all at once; tried out on this BLAS with numbers of its own.
struct MergeFlags {
  std::vector<char> forward;
  std::vector<char> backward;
};

/// One flag per layer. True only where the two ways agree bit for bit for each of the given
/// numbers of shards. The order of a BLAS kernel's sums follows from the shapes, not from the
/// numbers, so one product of random numbers tells.
template <class T>
MergeFlags probe_merging(const Topology& topology, std::size_t rows,
                         const std::vector<std::size_t>& shards);

}  // namespace nabla
