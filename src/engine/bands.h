// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/units.h"

namespace nabla {

/// Consecutive tiles of a layer, each of whole neurons, whose nabla is formed at once: one tile
/// would be too few neurons for its product.
struct Band {
  Tile all;           ///< as one tile
  std::size_t first;  ///< of its tiles in the list of all
  std::size_t count;
};

/// Bands of at most so many weights, or of one tile. `starts`: places of tiles, ascending, each of
/// which begins a band.
std::vector<Band> cut_bands(std::span<const Tile> tiles, std::size_t weights,
                            std::span<const std::size_t> starts = {});

}  // namespace nabla
