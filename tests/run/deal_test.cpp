// SPDX-License-Identifier: MIT
#include "run/deal.h"

#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

using Sizes = std::vector<std::size_t>;

TEST(Deal, GivesTheLargestFirstToWhoHasLeast) {
  // 5 to rank 0, 4 to 1; then 3 to 1, which has 4 < 5; 2 to 0, which has 5 < 7; 1 to 0, of 7 and 7.
  EXPECT_EQ(deal(std::vector<double>{1, 2, 3, 4, 5}, 2), (Sizes{0, 0, 1, 1, 0}));
  EXPECT_EQ(deal(std::vector<double>{1, 2}, 1), (Sizes{0, 0}));
  EXPECT_EQ(deal(std::vector<double>{1}, 3), (Sizes{0}));
  EXPECT_TRUE(deal({}, 2).empty());
}

TEST(Deal, GivesPiecesOfUnknownSizeInTurn) {
  EXPECT_EQ(deal(std::vector<double>(5), 2), (Sizes{0, 1, 0, 1, 0}));
}

}  // namespace
}  // namespace nabla
