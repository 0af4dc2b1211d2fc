// SPDX-License-Identifier: MIT
#include "engine/shard_tree.h"

#include <algorithm>

#include "engine/pairwise.h"
#include "engine/plan.h"

namespace nabla {

ShardTree::ShardTree(std::size_t shards, std::size_t plan_shards, std::size_t ranks,
                     std::size_t most)
    : shards_(shards),
      parts_(ranks),
      part_places_(shards),
      additions_(ranks),
      roots_(ranks),
      root_places_(shards) {
  std::vector<std::size_t> owner(shards);
  for (std::size_t q = 0; q < ranks; ++q) {
    const RowRange held = shards_of_rank(shards, plan_shards, ranks, q);
    held_.push_back(held);
    for (std::size_t s = held.first; s < held.first + held.count; ++s) owner[s] = q;
  }
  // The sum that shard s has so far is that of s to end[s], and the part that of s to part_end[s].
  std::vector<std::size_t> end(shards), part_end(shards);
  std::vector<bool> is_taken(shards), is_in_part(shards);
  for (std::size_t s = 0; s < shards; ++s) end[s] = part_end[s] = s + 1;
  add_pairwise(shards, [&](std::size_t to, std::size_t from) {
    end[to] = end[from];
    const bool is_own = owner[to] == owner[end[to] - 1];
    is_taken[from] = is_own;
    if (is_own && end[to] - to <= most) {
      part_end[to] = end[to];
      is_in_part[from] = true;
    } else {
      (is_own ? additions_[owner[to]] : last_).push_back({to, from});
    }
  });
  for (std::size_t s = 0; s < shards; ++s) {
    if (!is_in_part[s]) {
      part_places_[s] = parts_[owner[s]].size();
      parts_[owner[s]].push_back({s, part_end[s] - s});
    }
    if (!is_taken[s]) {
      root_places_[s] = {owner[s], roots_[owner[s]].size()};
      roots_[owner[s]].push_back(s);
    }
  }
}

std::size_t ShardTree::most_roots() const {
  std::size_t most = 0;
  for (const auto& roots : roots_) most = std::max(most, roots.size());
  return most;
}

RowRange shards_of_rank(std::size_t shards, std::size_t plan_shards, std::size_t ranks,
                        std::size_t rank) {
  const RowRange all = divide_rows({0, plan_shards}, ranks, rank);
  const std::size_t first = std::min(all.first, shards);
  return {first, std::min(all.first + all.count, shards) - first};
}

}  // namespace nabla
