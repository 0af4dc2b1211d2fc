// SPDX-License-Identifier: MIT
#include "engine/bands.h"

#include <algorithm>
#include <bit>

#include "engine/shard_tree.h"

namespace nabla {

namespace {

/// Weights of a band: so many that its products lose little by packing their operands, and few
/// enough that the sums of its shards stay in the caches.
constexpr std::size_t kBandElements = 131072;
/// Tasks that the sums over shards are cut into.
constexpr std::size_t kSumTasks = 16;

}  // namespace

std::vector<Band> cut_bands(std::span<const Tile> tiles, std::size_t weights) {
  std::vector<Band> bands;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const Tile& tile = tiles[t];
    if (!bands.empty() && bands.back().all.layer == tile.layer) {
      Band& last = bands.back();
      const std::size_t neurons = last.all.neurons.count + tile.neurons.count;
      if (neurons * tile.inputs.count <= weights) {
        last.all.neurons.count = neurons;
        ++last.count;
        continue;
      }
    }
    bands.push_back({tile, t, 1});
  }
  return bands;
}

std::size_t SumPlan::buffers() const {
  return static_cast<std::size_t>(std::bit_width(at_once)) - 1;
}

/// If the bands are too few for all threads, the shards are added up in several parts.
SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles, std::size_t ranks,
                  std::size_t rank) {
  SumPlan sums;
  if (plan.reduction != Reduction::kPerShard) return sums;
  sums.bands = cut_bands(tiles, kBandElements);
  const std::size_t bands = std::max<std::size_t>(sums.bands.size(), 1);
  const std::size_t wanted = (kSumTasks + bands - 1) / bands;
  const std::size_t shards = shards_of_rank(plan.shards, plan.shards, ranks, rank).count;
  sums.at_once = std::bit_ceil(std::max<std::size_t>((shards + wanted - 1) / wanted, 1));
  sums.parts = ShardTree(plan.shards, plan.shards, ranks, sums.at_once).parts(rank).size();
  return sums;
}

std::vector<RankBands> deal_bands(std::span<const Band> bands, std::span<const std::size_t> own,
                                  std::size_t layers, std::size_t threads) {
  const auto is_own = [&](std::size_t tile) { return std::ranges::binary_search(own, tile); };
  // The own tiles of a layer are one behind another, so a band between two of them is own, too.
  const auto is_all_own = [&](const Band& band) {
    return is_own(band.first) && is_own(band.first + band.count - 1);
  };
  std::vector<std::size_t> own_bands(layers);
  for (const Band& band : bands) own_bands[band.all.layer] += is_all_own(band) ? 1 : 0;
  const bool are_enough = std::ranges::max(own_bands) >= threads;
  std::vector<RankBands> dealt(layers);
  for (const Band& band : bands) {
    RankBands& layer = dealt[band.all.layer];
    if (are_enough && is_all_own(band)) {
      layer.own.push_back(band);
      continue;
    }
    layer.stored.push_back(band);
    for (std::size_t t = band.first; t < band.first + band.count; ++t)
      if (is_own(t)) layer.own_stored.push_back(t);
  }
  return dealt;
}

}  // namespace nabla
