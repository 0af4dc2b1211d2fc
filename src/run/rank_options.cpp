// SPDX-License-Identifier: MIT
#include "run/rank_options.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <sched.h>
#include <string>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/engine/executor.h"

#include "run/together.h"

namespace nabla {

std::size_t ranks_on_own_cores(Ranks& ranks) {
  if (ranks.size() == 1) return 1;
  const std::unique_ptr<Ranks> node = ranks.node();
  cpu_set_t own;
  CPU_ZERO(&own);
  sched_getaffinity(0, sizeof own, &own);
  const std::vector<std::string> all =
      gather_texts(*node, {reinterpret_cast<const char*>(&own), sizeof own});
  return static_cast<std::size_t>(std::ranges::count_if(all, [&](const std::string& bytes) {
    cpu_set_t both;
    std::memcpy(&both, bytes.data(), sizeof both);
    CPU_AND(&both, &own, &both);
    return CPU_COUNT(&both) > 0;
  }));
}

ParallelOptions with_rank_threads(ParallelOptions parallel, Ranks& ranks) {
  if (ranks.size() == 1) return parallel;
  const std::size_t sharing = ranks_on_own_cores(ranks);
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
