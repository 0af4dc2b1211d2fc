// SPDX-License-Identifier: MIT
#include "engine/parameter_shares.h"

#include <algorithm>

namespace nabla {

ParameterShares::ParameterShares(const Topology& topology, const std::vector<Tile>& tiles,
                                 std::size_t ranks)
    : neurons_(topology.layers().size()), tiles_(ranks), layer_tiles_(topology.layers().size()) {
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    RowRange& all = layer_tiles_[tiles[t].layer];
    if (all.count++ == 0) all.first = t;
  }
  for (std::size_t i = 0; i < neurons_.size(); ++i) {
    if (layer_tiles_[i].count == 0) continue;
    for (std::size_t q = 0; q < ranks; ++q) {
      const RowRange own = this->tiles(q, i);
      UnitRange neurons{topology.layers()[i].outputs, 0};
      if (own.count > 0) {
        neurons.first = tiles[own.first].neurons.first;
        const UnitRange last = tiles[own.first + own.count - 1].neurons;
        neurons.count = last.first + last.count - neurons.first;
      }
      neurons_[i].push_back(neurons);
      for (std::size_t t = 0; t < own.count; ++t) tiles_[q].push_back(own.first + t);
    }
  }
}

std::vector<ParameterRange> ParameterShares::parameters(const Topology& topology,
                                                        std::size_t rank) const {
  std::vector<ParameterRange> ranges;
  for (std::size_t i = 0; i < topology.layers().size(); ++i) {
    const Layer& layer = topology.layers()[i];
    const std::size_t rows = layer.input_major ? layer.inputs : layer.outputs;
    const UnitRange own = is_dealt(i) ? neurons(rank, i) : UnitRange{0, layer.outputs};
    const UnitRange weights = is_dealt(i) ? own : UnitRange{0, rows};
    ranges.push_back({layer.weight_offset + weights.first * layer.weight_stride,
                      weights.count * layer.weight_stride});
    ranges.push_back({layer.bias_offset + own.first, own.count});
    if (layer.batch_norm) {
      ranges.push_back({layer.norm_weight_offset, layer.outputs});
      ranges.push_back({layer.norm_bias_offset, layer.outputs});
    }
  }
  std::erase_if(ranges, [](const ParameterRange& range) { return range.count == 0; });
  std::ranges::sort(ranges, {}, &ParameterRange::first);
  return ranges;
}

std::vector<BytesRange> ParameterShares::parts(std::size_t layer, std::size_t size) const {
  std::vector<BytesRange> parts;
  for (const UnitRange& own : neurons_[layer])
    parts.push_back({own.count == 0 ? 0 : own.first * size, own.count * size});
  return parts;
}

}  // namespace nabla
