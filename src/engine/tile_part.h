// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

#include "nabla/model/network.h"

#include "math/elementwise.h"
#include "model/units.h"

namespace nabla {

/// A tile's, strip's or band's part of something that is laid out as the parameters.
template <class T>
struct TilePart {
  MatrixView<T> w;  ///< [neurons × inputs], or [inputs × neurons] of an input-major layer
  std::span<T> b;   ///< empty if the tile has no biases that move
};

/// The place of an element in the network's flat array.
template <class T>
std::size_t place(const Network<T>& network, const T* element) {
  return static_cast<std::size_t>(element - network.parameters().data());
}

/// Whether biases move with the tile: none if batch normalisation takes them out again.
inline bool has_biases(const Topology& topology, const Tile& tile) {
  return tile.inputs.first == 0 && !topology.layers()[tile.layer].batch_norm;
}

/// A tile's weights and the biases that move with it.
template <class T>
TilePart<T> part_of(Network<T>& network, const Tile& tile) {
  const bool input_major = network.topology().layers()[tile.layer].input_major;
  const UnitRange rows = input_major ? tile.inputs : tile.neurons;
  return {columns(network.weight(tile.layer), input_major ? tile.neurons : tile.inputs)
              .row_range(rows.first, rows.count),
          has_biases(network.topology(), tile)
              ? network.bias(tile.layer).subspan(tile.neurons.first, tile.neurons.count)
              : std::span<T>()};
}

/// Adds the one part to the other, of the same shape.
template <class T>
void add_part(const TilePart<T>& from, const TilePart<T>& to) {
  for (std::size_t r = 0; r < to.w.rows; ++r) elementwise::add<T>(from.w.row(r), to.w.row(r));
  if (!to.b.empty()) elementwise::add<T>(from.b, to.b);
}

}  // namespace nabla
