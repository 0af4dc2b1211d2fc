// SPDX-License-Identifier: MIT
#include "data/distinct_texts.h"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>

#include "base/random.h"

namespace nabla {
namespace {

TEST(DistinctTexts, AreNumberedAsTheyAppear) {
  // Texts of 0 to 19 of two letters, so that many begin alike, and of bytes that are no letters.
  Random random(1);
  std::map<std::string, std::uint32_t> twin;
  DistinctTexts texts;
  for (int i = 0; i < 20000; ++i) {
    std::string text(random.below(20), 'a');
    for (char& c : text) c = random.below(2) == 0 ? 'b' : 'a';
    if (i % 7 == 0) text.append({'\0', '\xff'});
    const auto [place, is_new] = twin.try_emplace(text, static_cast<std::uint32_t>(twin.size()));
    const DistinctTexts::Found found = texts.add(text);
    ASSERT_EQ(found.number, place->second) << text;
    ASSERT_EQ(found.is_new, is_new) << text;
  }
  ASSERT_GT(twin.size(), 5000U);
  DistinctTexts moved = std::move(texts);
  ASSERT_EQ(moved.size(), twin.size());
  for (const auto& [text, number] : twin) {
    ASSERT_EQ(moved[number], text);
    ASSERT_EQ(moved.add(text).number, number);
  }
  moved.clear();
  EXPECT_EQ(moved.size(), 0U);
  EXPECT_TRUE(moved.add("a").is_new);
}

}  // namespace
}  // namespace nabla
