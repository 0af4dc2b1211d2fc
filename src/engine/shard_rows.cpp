// SPDX-License-Identifier: MIT
#include "engine/shard_rows.h"

#include "engine/shard_tree.h"

namespace nabla {

RowRange ShardRows::of_rank(std::size_t shards, std::size_t rank) const {
  return shards_of_rank(shards, plan_.shards, ranks_.size(), rank);
}

RowRange ShardRows::rows_of_rank(std::size_t batch_rows, std::size_t rank) const {
  const RowRange shards = of_rank(plan_.shards_of(batch_rows), rank);
  if (shards.count == 0) return {0, 0};
  const RowRange first = plan_.shard_rows(batch_rows, shards.first);
  const RowRange last = plan_.shard_rows(batch_rows, shards.first + shards.count - 1);
  return {first.first, last.first + last.count - first.first};
}

}  // namespace nabla
