// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/plan.h"
#include "model/units.h"

namespace nabla {

/// Consecutive tiles of a layer, each of whole neurons, whose nabla is formed at once: one tile
/// would be too few neurons for its product.
struct Band {
  Tile all;           ///< as one tile
  std::size_t first;  ///< of its tiles in the list of all
  std::size_t count;
};

/// Bands of at most so many weights, or of one tile.
std::vector<Band> cut_bands(std::span<const Tile> tiles, std::size_t weights);

/// How the sums of kPerShard over shards are formed.
struct SumPlan {
  std::vector<Band> bands;  ///< none with kTiled
  std::size_t at_once = 1;  ///< shards that a task adds up by itself, a power of two
  std::size_t parts = 1;    ///< nablas that are kept apart: the shards of this rank by at_once

  /// Buffers of a band's size that a task needs besides the sum's.
  std::size_t buffers() const;
};

SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles);
/// The same of one of several ranks, which steps the tiles at the places `own`, ascending, and has
/// `threads` for those of a layer. A band has its own tiles alone or none of them.
SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles, std::size_t ranks,
                  std::size_t rank, std::span<const std::size_t> own, std::size_t threads);

}  // namespace nabla
