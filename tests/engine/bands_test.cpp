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
}

/// So many tiles, each larger than a band.
std::vector<Tile> large_tiles(std::size_t count) {
  std::vector<Tile> tiles;
  for (std::size_t t = 0; t < count; ++t) tiles.push_back({0, {16 * t, 16}, {0, 10'000}});
  return tiles;
}

TEST(SumPlan, AddsUpAllShardsAtOnceIfThereAreTasksEnough) {
  StepPlan plan{};
  plan.shards = 8;
  plan.reduction = Reduction::kPerShard;
  const SumPlan many = plan_sums(plan, large_tiles(16));
  EXPECT_EQ(many.bands.size(), 16U);
  EXPECT_EQ(many.at_once, 8U);
  EXPECT_EQ(many.parts, 1U);
  EXPECT_EQ(many.buffers(), 3U);
  const SumPlan few = plan_sums(plan, large_tiles(4));
  EXPECT_EQ(few.at_once, 2U);
  EXPECT_EQ(few.parts, 4U);
  EXPECT_EQ(few.buffers(), 1U);
  EXPECT_EQ(plan_sums(plan, large_tiles(1)).parts, 8U);
  EXPECT_EQ(plan_sums(plan, large_tiles(1), 4, 3).parts, 2U);
  // The last bits of a product may depend on its shape.
  const std::vector<Tile> tiles = {{0, {0, 16}, {0, 100}}, {0, {16, 16}, {0, 100}}};
  for (const std::size_t rank : {0U, 1U})
    EXPECT_EQ(plan_sums(plan, tiles, 2, rank).bands.size(), plan_sums(plan, tiles).bands.size());
  plan.reduction = Reduction::kTiled;
  EXPECT_TRUE(plan_sums(plan, large_tiles(16)).bands.empty());
}

TEST(RankBands, AreStoredIfOthersStepAPart) {
  std::vector<Tile> tiles;
  for (std::size_t t = 0; t < 8; ++t) tiles.push_back({0, {16 * t, 16}, {0, 10}});
  tiles.push_back({1, {0, 16}, {0, 10}});
  const std::vector<Band> bands = cut_bands(tiles, 2 * 160);
  ASSERT_EQ(bands.size(), 5U);
  const std::vector<std::size_t> own = {1, 2, 3, 4, 5, 8};
  const auto firsts = [](const std::vector<Band>& some) {
    std::vector<std::size_t> places;
    for (const Band& band : some) places.push_back(band.first);
    return places;
  };
  using Places = std::vector<std::size_t>;
  const std::vector<RankBands> dealt = deal_bands(bands, own, 2, 2);
  EXPECT_EQ(firsts(dealt[0].stored), (Places{0, 6}));
  EXPECT_EQ(dealt[0].own_stored, (Places{1}));
  EXPECT_EQ(firsts(dealt[0].own), (Places{2, 4}));
  EXPECT_EQ(firsts(dealt[1].own), (Places{8}));
  const std::vector<RankBands> stored = deal_bands(bands, own, 2, 3);
  EXPECT_EQ(firsts(stored[0].stored), (Places{0, 2, 4, 6}));
  EXPECT_EQ(stored[0].own_stored, (Places{1, 2, 3, 4, 5}));
  EXPECT_EQ(stored[1].own_stored, (Places{8}));
  EXPECT_TRUE(stored[0].own.empty() && stored[1].own.empty());
}

}  // namespace
}  // namespace nabla
