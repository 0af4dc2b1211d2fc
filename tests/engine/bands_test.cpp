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
  EXPECT_EQ(plan_sums(plan, large_tiles(1), 4, 3, {}, 1).parts, 2U);
  plan.reduction = Reduction::kTiled;
  EXPECT_TRUE(plan_sums(plan, large_tiles(16)).bands.empty());
}

TEST(SumPlan, CutsBandsWhereTheRanksOwnTilesBegin) {
  StepPlan plan{};
  plan.shards = 2;
  plan.reduction = Reduction::kPerShard;
  std::vector<Tile> tiles;
  for (std::size_t t = 0; t < 8; ++t) tiles.push_back({0, {16 * t, 16}, {0, 2'000}});
  const std::vector<std::size_t> own = {3, 4};
  const auto firsts = [&](std::size_t threads) {
    std::vector<std::size_t> places;
    for (const Band& band : plan_sums(plan, tiles, 2, 1, own, threads).bands)
      places.push_back(band.first);
    return places;
  };
  EXPECT_EQ(firsts(1), (std::vector<std::size_t>{0, 3, 5}));
  EXPECT_EQ(firsts(4), (std::vector<std::size_t>{0, 3, 4, 5}));
}

}  // namespace
}  // namespace nabla
