// SPDX-License-Identifier: MIT
#include "engine/bands.h"

#include <algorithm>
#include <bit>
#include <utility>

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

namespace {

/// If the bands are too few for all threads, the shards are added up in several parts.
SumPlan with_parts(std::vector<Band> bands, const StepPlan& plan, std::size_t ranks,
                   std::size_t rank) {
  SumPlan sums{.bands = std::move(bands)};
  const std::size_t count = std::max<std::size_t>(sums.bands.size(), 1);
  const std::size_t wanted = (kSumTasks + count - 1) / count;
  const std::size_t shards = shards_of_rank(plan.shards, plan.shards, ranks, rank).count;
  sums.at_once = std::bit_ceil(std::max<std::size_t>((shards + wanted - 1) / wanted, 1));
  sums.parts = ShardTree(plan.shards, plan.shards, ranks, sums.at_once).parts(rank).size();
  return sums;
}

}  // namespace

SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles) {
  if (plan.reduction != Reduction::kPerShard) return {};
  return with_parts(cut_bands(tiles, kBandElements), plan, 1, 0);
}

SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles, std::size_t ranks,
                  std::size_t rank, std::span<const std::size_t> own, std::size_t threads) {
  if (plan.reduction != Reduction::kPerShard) return {};
  const auto is_own = [&](std::size_t t) { return std::ranges::binary_search(own, t); };
  std::vector<Band> bands;
  for (std::size_t first = 0; first < tiles.size();) {
    std::size_t end = first + 1;
    while (end < tiles.size() && is_own(end) == is_own(first)) ++end;
    const std::size_t weights = is_own(first) ? kBandElements / threads : kBandElements;
    for (Band band : cut_bands(tiles.subspan(first, end - first), weights)) {
      band.first += first;
      bands.push_back(band);
    }
    first = end;
  }
  return with_parts(std::move(bands), plan, ranks, rank);
}

}  // namespace nabla
