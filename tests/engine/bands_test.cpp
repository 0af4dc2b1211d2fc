// SPDX-License-Identifier: MIT
#include "engine/bands.h"

#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

TEST(Bands, AreConsecutiveTilesOfALayer) {
  const std::vector<Tile> tiles = {{0, {0, 16}, {0, 10}},  {0, {16, 16}, {0, 10}},
                                   {0, {32, 16}, {0, 10}}, {0, {48, 2}, {0, 10}},
                                   {1, {0, 3}, {0, 50}},   {2, {0, 16}, {0, 1000}}};
  const std::vector<Band> bands = cut_bands(tiles, 320);
  ASSERT_EQ(bands.size(), 4U);
  const std::size_t first[] = {0, 2, 4, 5}, count[] = {2, 2, 1, 1}, neurons[] = {32, 18, 3, 16};
  for (std::size_t b = 0; b < 4; ++b) {
    EXPECT_EQ(bands[b].first, first[b]);
    EXPECT_EQ(bands[b].count, count[b]);
    EXPECT_EQ(bands[b].all.layer, tiles[first[b]].layer);
    EXPECT_EQ(bands[b].all.neurons.first, tiles[first[b]].neurons.first);
    EXPECT_EQ(bands[b].all.neurons.count, neurons[b]);
    EXPECT_EQ(bands[b].all.inputs.count, tiles[first[b]].inputs.count);
  }
  EXPECT_EQ(cut_bands(tiles, 1).size(), tiles.size());

  const std::vector<std::size_t> starts = {0, 1, 4};
  const std::vector<Band> begun = cut_bands(tiles, 320, starts);
  ASSERT_EQ(begun.size(), 5U);
  EXPECT_EQ(begun[0].count, 1U);
  EXPECT_EQ(begun[1].first, 1U);
  EXPECT_EQ(begun[1].count, 2U);
  EXPECT_EQ(begun[2].first, 3U);
}

}  // namespace
}  // namespace nabla
