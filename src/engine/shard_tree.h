// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "base/row_range.h"

namespace nabla {

/// An addition of the binary tree over shards (see add_pairwise).
struct Addition {
  std::size_t to;
  std::size_t from;

  bool operator==(const Addition&) const = default;
};

/// The binary tree over the shards of a mini-batch that ranks hold in ascending ranges: which of
/// its sums a rank makes by itself, and which are left to who has the sums of all ranks. A sum is
/// named by its first shard.
class ShardTree {
 public:
  /// `shards` shards, of which rank q of `ranks` holds shards_of_rank(…, q). `most`: shards, a
  /// power of two, whose sum is formed at once.
  ShardTree(std::size_t shards, std::size_t plan_shards, std::size_t ranks, std::size_t most = 1);

  std::size_t shards() const { return shards_; }
  /// The shards that a rank holds; none in a ragged mini-batch for a rank at the end.
  RowRange held(std::size_t rank) const { return held_[rank]; }
  /// Those cut into subtrees, each as large as can be formed at once.
  const std::vector<RowRange>& parts(std::size_t rank) const { return parts_[rank]; }
  /// The place of that with this first shard among the rank's parts.
  std::size_t part(std::size_t shard) const { return part_places_[shard]; }
  /// The additions that a rank makes of its parts, in order.
  const std::vector<Addition>& additions(std::size_t rank) const { return additions_[rank]; }
  /// The sums of the rank's whole subtrees that then are there, in ascending order.
  const std::vector<std::size_t>& roots(std::size_t rank) const { return roots_[rank]; }
  /// The rank that has this root, and the root's place among its own.
  struct RootPlace {
    std::size_t rank;
    std::size_t root;
  };
  RootPlace place_of_root(std::size_t shard) const { return root_places_[shard]; }
  /// The additions among the roots of all ranks, in order; the last makes that of shard 0 the sum
  /// of all.
  const std::vector<Addition>& last_additions() const { return last_; }
  /// The most roots of a rank.
  std::size_t most_roots() const;

 private:
  std::size_t shards_;
  std::vector<RowRange> held_;
  std::vector<std::vector<RowRange>> parts_;
  std::vector<std::size_t> part_places_;  ///< by shard
  std::vector<std::vector<Addition>> additions_;
  std::vector<std::vector<std::size_t>> roots_;
  std::vector<RootPlace> root_places_;  ///< by shard
  std::vector<Addition> last_;
};

/// The shards of a rank among those of a mini-batch, the first `shards` of `plan_shards`.
RowRange shards_of_rank(std::size_t shards, std::size_t plan_shards, std::size_t ranks,
                        std::size_t rank);

}  // namespace nabla
