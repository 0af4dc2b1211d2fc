// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/network.h"
#include "nabla/model/topology.h"

#include "engine/parameter_shares.h"
#include "engine/phase_clock.h"
#include "engine/shard_tree.h"
#include "engine/tile_part.h"
#include "model/units.h"

namespace nabla {

/// Adds up the nablas of several ranks, each of which has those of some of the shards and steps its
/// share of the parameters, and gives all of them what has been stepped. What ranks give each other
/// is begun as soon as it is known, layer by layer, and goes on behind the rest of backprop, the
/// steps of other layers and the next feedforward. All functions are called by the thread that runs
/// the step.
template <class T>
class RankReducer {
 public:
  /// All but the topology are referred to and must outlive the reducer. The shares are those of the
  /// tiles.
  RankReducer(const Topology& topology, const std::vector<Tile>& tiles,
              const ParameterShares& shares, Ranks& ranks, Executor& executor);

  /// The places, ascending, of the tiles that this rank steps in the list of all tiles.
  std::span<const std::size_t> tiles() const { return shares_.tiles(ranks_.rank()); }

  /// Begins with a mini-batch whose shards are those of the tree. `nablas` are those of this rank's
  /// parts of it. Both must stay until the sums are no longer needed.
  void begin(const ShardTree& tree, std::span<Network<T>> nablas);

  /// Takes notice that the nablas of a layer have been formed, which are overwritten then; this
  /// rank's own tiles may be left out if it has one part of the tree. Layers come from the last one
  /// down.
  void take_layer(std::size_t layer);

  /// Adds up the nablas: as soon as sum_of(tile) is the sum over all shards, tile being tiles()[t],
  /// then(t) is called by the task that owns the tile.
  void sum(const PhaseTasks& tasks, TaskRef then);
  TilePart<T> sum_of(std::size_t tile) { return part_at(0, tiles_[tile]); }

  // The same if own tiles have been left out.

  /// Returns once the weights of a layer's own tiles can be added up.
  void wait_for_weights(std::size_t layer, const PhaseTasks& tasks);
  /// Returns the sum over all shards of an own tile's nabla_w, given that over this rank's shards,
  /// which is overwritten. Tiles may be added up side by side.
  MatrixView<T> sum_of_weights(std::size_t tile, MatrixView<T> own);
  /// Returns once the biases can be added up.
  void wait_for_biases(const PhaseTasks& tasks);
  /// Returns the sum over all shards of an own tile's nabla_b; empty if it has none. That over this
  /// rank's shards is in `nablas`, see begin.
  std::span<T> sum_of_biases(std::size_t tile);

  /// Begins to bring the network up to date on ranks that have not stepped all of its tiles. It
  /// must stay where it is, and its parameters as they are, until finish_layer has returned for all
  /// layers.
  void begin_sharing(Network<T>& network);

  /// Whether layers are left for finish_layer.
  bool is_sharing() const { return sharing_ != nullptr; }

  /// Returns once a layer is up to date; to be called for the layers from the first one up.
  void finish_layer(std::size_t layer);

  /// Brings numbers, one for each of all tiles, up to date.
  void share_numbers(std::span<double> of_tiles);

 private:
  struct Layer {
    std::vector<BytesRange> parts;  ///< of the ranks, of its weights
    AlignedArray<T> received;       ///< own part of the roots of others, see place_of
    std::vector<Ranks::Ticket> tickets;
  };

  void fit_arrays();
  std::size_t place_of(std::size_t rank, std::size_t root) const;
  Network<T>& nabla_of(std::size_t shard) { return nablas_[tree_->part(shard)]; }
  TilePart<T> part_at(std::size_t shard, const Tile& tile);
  void wait(Ranks::Ticket ticket, const PhaseTasks& tasks);
  void add_own_parts(std::size_t layer);
  template <class Work>
  void for_biases_of(std::size_t rank, Work work) const;
  void exchange_biases();
  void share_weight(std::size_t layer);
  void share_biases();
  void take_biases();

  const Topology topology_;
  const std::vector<Tile>& tiles_;
  const ParameterShares& shares_;
  Ranks& ranks_;
  Executor& executor_;
  std::vector<Layer> layers_;
  std::size_t first_layer_ = static_cast<std::size_t>(-1);  ///< that is dealt
  std::vector<ParameterRange> bias_parts_;                  ///< of the ranks in all_biases_
  AlignedArray<T> all_biases_;                              ///< rank by rank
  AlignedArray<T> sent_biases_;
  AlignedArray<T> received_biases_;
  const ShardTree* tree_ = nullptr;  ///< of the mini-batch
  std::vector<std::size_t> first_places_;
  std::vector<BytesRange> sent_;
  std::vector<BytesRange> received_;
  std::span<Network<T>> nablas_;
  std::optional<Ranks::Ticket> bias_ticket_;
  Network<T>* sharing_ = nullptr;  ///< that is being brought up to date
  Ranks::Ticket weight_ticket_ = 0;
  Ranks::Ticket shared_biases_ = 0;
};

}  // namespace nabla
