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
/// steps which parameters. All functions are called by the thread that runs the step.
template <class T>
class Reducer {
 public:
  virtual ~Reducer() = default;

  /// The places, ascending, of the tiles that this process steps in the list of all tiles.
  virtual std::span<const std::size_t> tiles() const = 0;

  /// Begins with a mini-batch of so many shards. `nablas` are those that this process forms.
  virtual void begin(std::size_t shards, std::span<Network<T>> nablas) = 0;

  /// Takes notice that the nablas of a layer have been formed. Layers come from the last one down.
  virtual void take_layer(std::size_t layer) = 0;

  /// Adds up the nablas, which it may overwrite: as soon as sum_of(tile) is the sum over all
  /// shards, tile being tiles()[t], then(t) is called by the task that owns the tile; and
  /// after_layer(i) once that has returned for all tiles of layer i.
  virtual void sum(const PhaseTasks& tasks, TaskRef then, TaskRef after_layer) = 0;

  virtual TilePart<T> sum_of(std::size_t tile) = 0;

  /// Begins to bring a layer up to date in processes that have not stepped all of its tiles.
  /// Layers come from the last one down.
  virtual void share_layer(Network<T>& network, std::size_t layer) = 0;

  /// Returns once all layers are up to date.
  virtual void finish_sharing(Network<T>& network, const PhaseTasks& tasks) = 0;

  /// Brings numbers, one for each of all tiles, up to date.
  virtual void share_numbers(std::span<double> of_tiles) = 0;
};

/// For a process that has all shards and steps all tiles. The sum of shards a to b is that of a to
/// m plus that of m to b, m − a being the largest power of two below b − a. The tiles are referred
/// to and must outlive the reducer.
template <class T>
std::unique_ptr<Reducer<T>> make_local_reducer(const std::vector<Tile>& tiles);

}  // namespace nabla
