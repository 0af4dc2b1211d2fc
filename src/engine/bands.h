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

/// The bands are the same for any number of ranks, because the last bits of their products depend
/// on their shapes.
SumPlan plan_sums(const StepPlan& plan, std::span<const Tile> tiles, std::size_t ranks = 1,
                  std::size_t rank = 0);

/// The bands of a layer, as one of several ranks forms them.
struct RankBands {
  /// Those that other ranks step a part of, to be formed and stored as soon as their δ is known.
  std::vector<Band> stored;
  /// The places of this rank's own tiles in them.
  std::vector<std::size_t> own_stored;
  /// Those of this rank alone, which can be formed when they are stepped.
  std::vector<Band> own;
};

/// The same by layer, of a rank that steps the tiles at the places `own`, ascending. All bands are
/// stored if no layer has one of its own for each of so many threads.
std::vector<RankBands> deal_bands(std::span<const Band> bands, std::span<const std::size_t> own,
                                  std::size_t layers, std::size_t threads);

}  // namespace nabla
