// SPDX-License-Identifier: MIT
#include "engine/bands.h"

#include <algorithm>

namespace nabla {

std::vector<Band> cut_bands(std::span<const Tile> tiles, std::size_t weights,
                            std::span<const std::size_t> starts) {
  std::vector<Band> bands;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const Tile& tile = tiles[t];
    if (!bands.empty() && bands.back().all.layer == tile.layer &&
        !std::ranges::binary_search(starts, t)) {
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

}  // namespace nabla
