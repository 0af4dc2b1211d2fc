// SPDX-License-Identifier: MIT
#include "engine/shard_tree.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "engine/pairwise.h"

namespace nabla {
namespace {

/// The sum of so many shards, from `first` on, written with the brackets of its additions.
std::string tree_of(std::size_t shards, std::size_t first = 0) {
  std::vector<std::string> sums;
  for (std::size_t s = 0; s < shards; ++s) sums.push_back(std::to_string(first + s));
  add_pairwise(shards, [&](std::size_t to, std::size_t from) {
    sums[to] = "(" + sums[to] + "+" + sums[from] + ")";
  });
  return sums.front();
}

/// The same by way of the ranks, each of which knows its own shards alone.
std::string tree_of_ranks(std::size_t shards, std::size_t plan_shards, std::size_t ranks,
                          std::size_t most) {
  const ShardTree tree(shards, plan_shards, ranks, most);
  std::vector<std::string> roots(shards);
  for (std::size_t q = 0; q < ranks; ++q) {
    std::vector<std::string> sums(shards);
    const RowRange held = tree.held(q);
    std::size_t next = held.first;
    for (std::size_t p = 0; p < tree.parts(q).size(); ++p) {
      const RowRange part = tree.parts(q)[p];
      EXPECT_EQ(part.first, next);
      EXPECT_LE(part.count, most);
      EXPECT_EQ(tree.part(part.first), p);
      sums[part.first] = tree_of(part.count, part.first);
      next += part.count;
    }
    EXPECT_EQ(next, held.first + held.count);
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
        for (const std::size_t most : {1UL, 2UL, 4UL, 32UL})
          ASSERT_EQ(tree_of_ranks(shards, plan_shards, ranks, most), tree_of(shards))
              << shards << " of " << plan_shards << " shards, " << ranks << " ranks, " << most
              << " at once";
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

TEST(ShardTree, AddsUpWholeSubtreesAtOnce) {
  const ShardTree tree(8, 8, 2, 2);
  EXPECT_EQ(tree.parts(0).size(), 2U);
  EXPECT_EQ(tree.additions(0), (std::vector<Addition>{{0, 2}}));
  EXPECT_TRUE(ShardTree(8, 8, 2, 4).additions(0).empty());
  EXPECT_EQ(ShardTree(7, 7, 1, 8).parts(0).size(), 1U);
}

}  // namespace
}  // namespace nabla
