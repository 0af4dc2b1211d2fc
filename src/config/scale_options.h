// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace nabla {

struct ScaleOptions {
  /// Thread counts, each 1 to kMaxThreads, none twice; the first is what the others are compared
  /// with. Empty: 1, 2, 4, … below the cores of this process, and all of them.
  std::vector<std::size_t> threads;
  /// Shards per mini-batch; 0: as parallel.shards.
  std::size_t shards = 0;
  /// Rows per mini-batch, 0 for all rows, none twice; empty: train.batch_size alone.
  std::vector<std::size_t> batch_sizes;
  /// Wall time of training for each batch size and thread count, above 0.
  double seconds = 2;
};

}  // namespace nabla
