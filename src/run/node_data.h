// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "nabla/data/dataset.h"
#include "nabla/engine/ranks.h"

namespace nabla {

/// Returns the data that `read` reads. It is called by the first rank of each node alone, and the
/// others are given the same rows, whose features a node has once; but by all ranks if they lie in
/// mapped files, which a node has once already, if only some of the entries of sparse rows have
/// values, or if the node has no memory that processes share.
/// Collective; throws what `together` throws.
DataSplit read_once_a_node(Ranks& ranks, const std::function<DataSplit()>& read);

}  // namespace nabla
