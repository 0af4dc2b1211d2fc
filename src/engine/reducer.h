// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "nabla/engine/executor.h"
#include "nabla/model/network.h"

#include "engine/phase_clock.h"
#include "model/units.h"

namespace nabla {

/// A tile's or strip's part of something that is laid out as the parameters.
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

/// A tile's weights and the biases that move with it: none if batch normalisation takes them out
/// again.
template <class T>
TilePart<T> part_of(Network<T>& network, const Tile& tile) {
  const bool has_bias =
      tile.inputs.first == 0 && !network.topology().layers()[tile.layer].batch_norm;
  const bool input_major = network.topology().layers()[tile.layer].input_major;
  const UnitRange rows = input_major ? tile.inputs : tile.neurons;
  return {columns(network.weight(tile.layer), input_major ? tile.neurons : tile.inputs)
              .row_range(rows.first, rows.count),
          has_bias ? network.bias(tile.layer).subspan(tile.neurons.first, tile.neurons.count)
                   : std::span<T>()};
}

/// Stands between the shards, which form their nablas, and the step: knows who has shards and who
/// steps which parameters.
template <class T>
class Reducer {
 public:
  virtual ~Reducer() = default;

  /// The tiles that this process steps.
  virtual std::span<const Tile> tiles() const = 0;

  /// Adds up the nablas of the shards, which it may overwrite: as soon as the first one has the sum
  /// over all shards of tiles()[t], then(t) is called by the task that owns the tile.
  virtual void sum(std::span<Network<T>> shards, const PhaseTasks& tasks, TaskRef then) = 0;
};

/// For a process that has all shards and steps all tiles. The sum of shards a to b is that of a to
/// m plus that of m to b, m − a being the largest power of two below b − a. The tiles are referred
/// to and must outlive the reducer.
template <class T>
std::unique_ptr<Reducer<T>> make_local_reducer(const std::vector<Tile>& tiles);

}  // namespace nabla
