// SPDX-License-Identifier: MIT
#include "run/rank_options.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"

namespace nabla {

ParallelOptions with_rank_threads(ParallelOptions parallel, Ranks& ranks) {
  if (ranks.size() == 1) return parallel;
  const std::size_t sharing = ranks.sharing_cores();
  if (parallel.threads == 0)
    parallel.threads = std::clamp<std::size_t>(available_cores() / sharing, 1, kMaxThreads);
  return parallel;
}

void require_fit_for_ranks(const ParallelOptions& parallel, std::size_t ranks) {
  if (ranks == 1 || (parallel.reduction == Reduction::kPerShard && parallel.shards >= ranks))
    return;
  throw ConfigError("parallel.reduction", std::to_string(ranks) +
                                              " ranks need a shard each, added per-shard, expected "
                                              "--parallel.reduction=per-shard --parallel.shards=" +
                                              std::to_string(std::bit_ceil(ranks)) +
                                              ", which changes the last bits of the run that has " +
                                              std::string(name_of(parallel.reduction)));
}

}  // namespace nabla
