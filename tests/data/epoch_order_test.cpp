// SPDX-License-Identifier: MIT
#include "data/epoch_order.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "base/random.h"
#include "support/models.h"

namespace nabla {
namespace {

using Order = std::vector<std::uint32_t>;

Order order_of(EpochOrder& order, std::size_t epoch) {
  const auto rows = order.begin(epoch);
  return {rows.begin(), rows.end()};
}

TEST(EpochOrder, VisitsEveryRowOnce) {
  for (const std::size_t count : {0UL, 1UL, 2UL, 1000UL}) {
    EpochOrder order(count, true, 1);
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
      Order rows = order_of(order, epoch);
      std::ranges::sort(rows);
      EXPECT_EQ(rows, testing_support::first_rows(count));
    }
  }
}

TEST(EpochOrder, IsNewEveryEpochAndForEverySeed) {
  EpochOrder order(100, true, 1), other(100, true, 2);
  const Order first = order_of(order, 0), second = order_of(order, 1);
  EXPECT_NE(first, testing_support::first_rows(100));
  EXPECT_NE(first, second);
  EXPECT_NE(first, order_of(other, 0));
}

TEST(EpochOrder, RepeatsAnyEpochWithoutTheOnesBefore) {
  EpochOrder order(100, true, 1), again(100, true, 1);
  order.begin(0);
  order.begin(1);
  const Order third = order_of(order, 2);
  EXPECT_EQ(order_of(again, 2), third);
  again.begin(7);
  EXPECT_EQ(order_of(again, 2), third);
}

TEST(EpochOrder, CanLeaveRowsAsTheyAre) {
  EpochOrder order(100, false, 1);
  EXPECT_EQ(order_of(order, 0), testing_support::first_rows(100));
  EXPECT_EQ(order_of(order, 5), testing_support::first_rows(100));
}

TEST(Shuffle, AllPermutationsAreEquallyLikely) {
  constexpr int kShuffles = 24000;
  Random random(1);
  std::map<Order, int> counts;
  for (int i = 0; i < kShuffles; ++i) {
    Order items = {0, 1, 2, 3};
    shuffle(items, random);
    ++counts[items];
  }
  EXPECT_EQ(counts.size(), 24U);
  for (const auto& [items, count] : counts) EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000.0));
}

}  // namespace
}  // namespace nabla
