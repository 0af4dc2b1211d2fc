// SPDX-License-Identifier: MIT
#include "run/rank_news.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "support/thread_ranks.h"

namespace nabla {
namespace {

using testing_support::run_ranks;

/// Longer than what travels at once.
std::string long_message(std::size_t rank) {
  std::string text(5000 + rank, static_cast<char>('a' + rank));
  text[7] = '\0';
  return text;
}

TEST(RankNews, TellsAllOthersOfAnyLength) {
  run_ranks(3, [](Ranks& ranks) {
    RankNews news(ranks);
    const std::size_t self = ranks.rank();
    news.tell("");
    news.tell(long_message(self));
    std::vector<std::string> heard;
    for (int turn = 0; !news.have_all_ended(); ++turn) {
      // The ranks end at different times.
      if (turn == 5 * static_cast<int>(self)) {
        news.tell("last of " + std::to_string(self));
        news.end();
      }
      std::ranges::copy(news.hear(), std::back_inserter(heard));
      std::this_thread::yield();
    }
    ASSERT_EQ(heard.size(), 6U);
    EXPECT_EQ(std::ranges::count(heard, ""), 2);
    for (std::size_t q = 0; q < 3; ++q) {
      EXPECT_EQ(std::ranges::count(heard, long_message(q)), q == self ? 0 : 1);
      EXPECT_EQ(std::ranges::count(heard, "last of " + std::to_string(q)), q == self ? 0 : 1);
    }
    EXPECT_FALSE(news.is_stopped());
    EXPECT_TRUE(news.hear().empty());
  });
}

TEST(RankNews, AllHearThatOneStops) {
  run_ranks(2, [](Ranks& ranks) {
    RankNews news(ranks);
    if (ranks.rank() == 1) news.stop();
    while (!news.is_stopped()) news.hear();
    news.end();
    while (!news.have_all_ended()) news.hear();
  });
}

TEST(RankNews, ALoneRankHearsNothing) {
  RankNews news(lone_rank());
  news.tell("to nobody");
  EXPECT_TRUE(news.hear().empty());
  EXPECT_TRUE(news.have_all_ended());
}

}  // namespace
}  // namespace nabla
