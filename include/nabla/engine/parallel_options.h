// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// How the gradients of the shards become one: see docs/architecture.md for who reads and writes
/// what. Both average nabla_w and nabla_b over the whole mini-batch before one step.
enum class Reduction { kAuto, kPerShard, kTiled };

struct ParallelOptions {
  /// Threads; 0: one per core. Never changes a result. At most 1024.
  std::size_t threads = 0;
  /// Shards per mini-batch, part of the experiment; 0: from batch size and network alone.
  std::size_t shards = 0;
  Reduction reduction = Reduction::kAuto;
};

}  // namespace nabla
