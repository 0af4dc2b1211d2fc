// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/engine/ranks.h"
#include "nabla/model/topology.h"

#include "engine/plan.h"
#include "model/units.h"
#include "optimize/parameter_places.h"

namespace nabla {

/// Which rank steps which neurons of which layer, and so has their part of the optimiser's state.
/// The tiles of a layer, each of whole neurons, are dealt to the ranks in ascending ranges. A layer
/// without tiles is stepped by all ranks alike, and so are γ and β.
class ParameterShares {
 public:
  /// The tiles are in order of their layers and neurons.
  ParameterShares(const Topology& topology, const std::vector<Tile>& tiles, std::size_t ranks);

  /// Whether the layer's neurons are dealt to the ranks.
  bool is_dealt(std::size_t layer) const { return !neurons_[layer].empty(); }
  /// The neurons of a layer that is dealt.
  UnitRange neurons(std::size_t rank, std::size_t layer) const { return neurons_[layer][rank]; }
  /// The places in the list of all tiles of those that the rank steps, ascending.
  const std::vector<std::size_t>& tiles(std::size_t rank) const { return tiles_[rank]; }
  /// The places of those of a layer.
  RowRange tiles(std::size_t rank, std::size_t layer) const {
    return divide_rows(layer_tiles_[layer], tiles_.size(), rank);
  }
  /// The places of all tiles of a layer.
  RowRange layer_tiles(std::size_t layer) const { return layer_tiles_[layer]; }

  /// All parameters that the rank steps.
  std::vector<ParameterRange> parameters(const Topology& topology, std::size_t rank) const;

  /// Where the parts of the ranks lie in something that has `size` bytes for each of the layer's
  /// neurons.
  std::vector<BytesRange> parts(std::size_t layer, std::size_t size) const;

 private:
  std::vector<std::vector<UnitRange>> neurons_;  ///< by layer and rank
  std::vector<std::vector<std::size_t>> tiles_;  ///< by rank
  std::vector<RowRange> layer_tiles_;
};

}  // namespace nabla
