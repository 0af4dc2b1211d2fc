// SPDX-License-Identifier: MIT
#include "engine/shard_tree.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "engine/pairwise.h"

namespace nabla {
namespace {

/// The sum of all shards, written with the brackets of its additions.
std::string tree_of(std::size_t shards) {
  std::vector<std::string> sums;
  for (std::size_t s = 0; s < shards; ++s) sums.push_back(std::to_string(s));
  add_pairwise(shards, [&](std::size_t to, std::size_t from) {
    sums[to] = "(" + sums[to] + "+" + sums[from] + ")";
  });
  return sums.front();
}

/// The same by way of the ranks, each of which knows its own shards alone.
std::string tree_of_ranks(std::size_t shards, std::size_t plan_shards, std::size_t ranks) {
  const ShardTree tree(shards, plan_shards, ranks);
  std::vector<std::string> roots(shards);
  for (std::size_t q = 0; q < ranks; ++q) {
    std::vector<std::string> sums(shards);
    const RowRange held = tree.held(q);
    for (std::size_t s = held.first; s < held.first + held.count; ++s) sums[s] = std::to_string(s);
    for (const Addition& addition : tree.additions(q))
      sums[addition.to] = "(" + sums[addition.to] + "+" + sums[addition.from] + ")";
    for (std::size_t k = 0; k < tree.roots(q).size(); ++k) {
      const std::size_t root = tree.roots(q)[k];
      roots[root] = sums[root];
      EXPECT_EQ(tree.place_of_root(root).rank, q);
      EXPECT_EQ(tree.place_of_root(root).root, k);
    }
  }
  for (const Addition& addition : tree.last_additions())
    roots[addition.to] = "(" + roots[addition.to] + "+" + roots[addition.from] + ")";
  return roots.front();
}

TEST(ShardTree, IsTheTreeOfOneProcessForAnyNumberOfRanks) {
  for (std::size_t plan_shards = 1; plan_shards <= 17; ++plan_shards)
    for (std::size_t shards = 1; shards <= plan_shards; ++shards)
      for (std::size_t ranks = 1; ranks <= plan_shards; ++ranks)
        ASSERT_EQ(tree_of_ranks(shards, plan_shards, ranks), tree_of(shards))
            << shards << " of " << plan_shards << " shards, " << ranks << " ranks";
}

TEST(ShardTree, LeavesOneRootToRanksWithAnEqualPowerOfTwoOfShards) {
  for (const std::size_t ranks : {1UL, 2UL, 4UL, 8UL})
    EXPECT_EQ(ShardTree(8, 8, ranks).most_roots(), 1U) << ranks;
  // Shards 0 to 2, 3 to 5, and 6 and 7.
  const ShardTree tree(8, 8, 3);
  EXPECT_EQ(tree.roots(0), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(tree.roots(1), (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(tree.roots(2), (std::vector<std::size_t>{6}));
}

}  // namespace
}  // namespace nabla
