// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace nabla {

/// How the gradients of the shards become one: see docs/architecture.md for who reads and writes
/// what. Both average nabla_w and nabla_b over the whole mini-batch before one step.
enum class Reduction { kAuto, kPerShard, kTiled };

/// The name used in configurations: "auto", "per-shard", "tiled".
std::string_view name_of(Reduction reduction);

/// Threads that OpenBLAS has buffers for.
inline constexpr std::size_t kMaxThreads = 128;

/// How a training uses the cores.
struct ParallelOptions {
  /// Threads, at most kMaxThreads; 0: one per core, as far as that goes. Never changes a result.
  std::size_t threads = 0;
  /// Shards per mini-batch, part of the experiment; 0: from batch size and network alone.
  std::size_t shards = 0;
  Reduction reduction = Reduction::kAuto;
};

/// Throws ConfigError naming the first key that is out of range.
void validate(const ParallelOptions& options);

}  // namespace nabla
