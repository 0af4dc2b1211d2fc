// SPDX-License-Identifier: MIT
#include "engine/rank_reducer.h"

#include <algorithm>
#include <utility>

namespace nabla {

namespace {

template <class T>
BytesRange bytes(std::size_t first, std::size_t count) {
  return {first * sizeof(T), count * sizeof(T)};
}

}  // namespace

template <class T>
RankReducer<T>::RankReducer(const Topology& topology, const std::vector<Tile>& tiles,
                            const ParameterShares& shares, Ranks& ranks, Executor& executor)
    : topology_(topology),
      tiles_(tiles),
      shares_(shares),
      ranks_(ranks),
      executor_(executor),
      layers_(topology.layers().size()),
      bias_parts_(ranks.size()),
      sent_(ranks.size()),
      received_(ranks.size()) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (!shares_.is_dealt(i)) continue;
    first_layer_ = std::min(first_layer_, i);
    layers_[i].parts = shares_.parts(i, topology.layers()[i].weight_stride * sizeof(T));
  }
  std::size_t biases = 0;
  for (std::size_t q = 0; q < ranks.size(); ++q) {
    bias_parts_[q].first = biases;
    for (std::size_t i = first_layer_; i < layers_.size(); ++i)
      bias_parts_[q].count += shares_.neurons(q, i).count;
    biases += bias_parts_[q].count;
  }
  all_biases_ = AlignedArray<T>(biases);
}

template <class T>
void RankReducer<T>::begin(const ShardTree& tree, std::span<Network<T>> nablas) {
  nablas_ = nablas;
  tree_ = &tree;
  fit_arrays();
}

template <class T>
void RankReducer<T>::take_layer(std::size_t layer) {
  if (!shares_.is_dealt(layer)) return ranks_.advance();
  add_own_parts(layer);
  Layer& state = layers_[layer];
  state.tickets.clear();
  const std::size_t self = ranks_.rank();
  for (std::size_t k = 0; k < tree_->most_roots(); ++k) {
    const auto& roots = tree_->roots(self);
    std::span<const std::byte> from;
    if (k < roots.size()) {
      const MatrixView<T> weight = nabla_of(roots[k]).weight(layer);
      from = std::as_bytes(std::span(weight.data, weight.rows * weight.stride));
    }
    for (std::size_t q = 0; q < ranks_.size(); ++q) {
      sent_[q] = k < roots.size() && q != self ? state.parts[q] : BytesRange();
      received_[q] =
          q != self && k < tree_->roots(q).size()
              ? BytesRange{place_of(q, k) * state.parts[self].count, state.parts[self].count}
              : BytesRange();
    }
    state.tickets.push_back(ranks_.begin_exchange(
        from, sent_, std::as_writable_bytes(state.received.span()), received_));
  }
  if (layer == first_layer_) exchange_biases();
}

template <class T>
void RankReducer<T>::sum(const PhaseTasks& tasks, TaskRef then) {
  std::size_t end = tiles().size();
  for (std::size_t i = layers_.size(); i-- > 0;) {
    if (!shares_.is_dealt(i)) continue;
    wait_for_weights(i, tasks);
    // The biases of all layers come with the last exchange.
    wait_for_biases(tasks);
    const RowRange own = shares_.tiles(ranks_.rank(), i);
    const std::size_t first = end - own.count;
    tasks.run(Phase::kReduceStep, 0, own.count, [&](std::size_t n) {
      const Tile& tile = tiles_[own.first + n];
      for (const Addition& addition : tree_->last_additions())
        add_part(part_at(addition.from, tile), part_at(addition.to, tile));
      then(first + n);
    });
    end = first;
  }
}

template <class T>
void RankReducer<T>::wait(Ranks::Ticket ticket, const PhaseTasks& tasks) {
  tasks.clock.measure(Phase::kExchange, 0, [&] { ranks_.wait(ticket); });
}

template <class T>
void RankReducer<T>::wait_for_weights(std::size_t layer, const PhaseTasks& tasks) {
  for (const Ranks::Ticket ticket : layers_[layer].tickets) wait(ticket, tasks);
}

template <class T>
MatrixView<T> RankReducer<T>::sum_of_weights(std::size_t tile, MatrixView<T> own) {
  const RowRange held = tree_->held(ranks_.rank());
  const auto at = [&](std::size_t shard) {
    return shard == held.first ? own : part_at(shard, tiles_[tile]).w;
  };
  for (const Addition& addition : tree_->last_additions())
    add_part<T>({at(addition.from), {}}, {at(addition.to), {}});
  return at(0);
}

template <class T>
void RankReducer<T>::wait_for_biases(const PhaseTasks& tasks) {
  if (bias_ticket_) wait(*std::exchange(bias_ticket_, std::nullopt), tasks);
}

template <class T>
std::span<T> RankReducer<T>::sum_of_biases(std::size_t tile) {
  const auto at = [&](std::size_t shard) { return part_at(shard, tiles_[tile]).b; };
  for (const Addition& addition : tree_->last_additions())
    if (const std::span<T> to = at(addition.to); !to.empty())
      elementwise::add<T>(at(addition.from), to);
  return at(0);
}

template <class T>
void RankReducer<T>::begin_sharing(Network<T>& network) {
  if (first_layer_ >= layers_.size()) return;  // All ranks step all layers alike.
  sharing_ = &network;
  share_biases();
  share_weight(first_layer_);
}

/// A layer has the network to itself, because the next feedforward waits for the first one.
template <class T>
void RankReducer<T>::finish_layer(std::size_t layer) {
  if (!is_sharing() || !shares_.is_dealt(layer)) return;
  ranks_.wait(weight_ticket_);
  if (layer == first_layer_) take_biases();
  if (layer + 1 < layers_.size())
    share_weight(layer + 1);
  else
    sharing_ = nullptr;
}

/// A layer at a time, whose tiles are one behind another.
template <class T>
void RankReducer<T>::share_numbers(std::span<double> of_tiles) {
  std::vector<BytesRange> parts(ranks_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (!shares_.is_dealt(i)) continue;
    for (std::size_t q = 0; q < ranks_.size(); ++q) {
      const RowRange tiles = shares_.tiles(q, i);
      parts[q] = {tiles.first * sizeof(double), tiles.count * sizeof(double)};
    }
    ranks_.gather(std::as_writable_bytes(of_tiles), parts);
  }
}

/// Gives the arrays the sizes that the tree wants; a smaller tree leaves them as they are.
template <class T>
void RankReducer<T>::fit_arrays() {
  const std::size_t self = ranks_.rank();
  first_places_.clear();
  std::size_t others = 0;
  for (std::size_t q = 0; q < ranks_.size(); ++q) {
    first_places_.push_back(others);
    if (q != self) others += tree_->roots(q).size();
  }
  const auto fit = [](AlignedArray<T>& array, std::size_t size) {
    if (array.size() < size) array = AlignedArray<T>(size);
  };
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (shares_.is_dealt(i))
      fit(layers_[i].received, others * layers_[i].parts[self].count / sizeof(T));
  fit(received_biases_, others * bias_parts_[self].count);
  fit(sent_biases_, tree_->roots(self).size() * all_biases_.size());
}

/// The place of a root among those of the other ranks.
template <class T>
std::size_t RankReducer<T>::place_of(std::size_t rank, std::size_t root) const {
  return first_places_[rank] + root;
}

/// A tile of this rank in the nabla of a shard that is a root.
template <class T>
TilePart<T> RankReducer<T>::part_at(std::size_t shard, const Tile& tile) {
  const std::size_t self = ranks_.rank();
  const RowRange held = tree_->held(self);
  if (shard >= held.first && shard < held.first + held.count) return part_of(nabla_of(shard), tile);
  const auto [rank, root] = tree_->place_of_root(shard);
  const UnitRange own = shares_.neurons(self, tile.layer);
  const std::size_t stride = topology_.layers()[tile.layer].weight_stride;
  const std::size_t first = place_of(rank, root) * own.count + tile.neurons.first - own.first;
  TilePart<T> part{{layers_[tile.layer].received.data() + first * stride, tile.neurons.count,
                    tile.inputs.count, stride},
                   {}};
  if (!topology_.layers()[tile.layer].batch_norm) {
    std::size_t place = place_of(rank, root) * bias_parts_[self].count;
    for (std::size_t i = first_layer_; i < tile.layer; ++i) place += shares_.neurons(self, i).count;
    part.b =
        received_biases_.span().subspan(place + tile.neurons.first - own.first, tile.neurons.count);
  }
  return part;
}

/// The sums of this rank's whole subtrees.
template <class T>
void RankReducer<T>::add_own_parts(std::size_t layer) {
  const std::vector<Addition>& additions = tree_->additions(ranks_.rank());
  if (additions.empty()) return;
  const RowRange of_layer = shares_.layer_tiles(layer);
  executor_.run(of_layer.count, [&](std::size_t n) {
    const Tile& tile = tiles_[of_layer.first + n];
    for (const Addition& addition : additions)
      add_part(part_of(nabla_of(addition.from), tile), part_of(nabla_of(addition.to), tile));
  });
}

/// Calls work(layer, neurons, place) for the neurons of a rank in each layer, `place` being that
/// of their biases among all of the rank.
template <class T>
template <class Work>
void RankReducer<T>::for_biases_of(std::size_t rank, Work work) const {
  std::size_t place = 0;
  for (std::size_t i = first_layer_; i < layers_.size(); ++i) {
    const UnitRange own = shares_.neurons(rank, i);
    if (own.count == 0) continue;
    work(i, own, place);
    place += own.count;
  }
}

template <class T>
void RankReducer<T>::exchange_biases() {
  const std::size_t self = ranks_.rank();
  const auto& roots = tree_->roots(self);
  std::size_t sent = 0;
  for (std::size_t q = 0; q < ranks_.size(); ++q) {
    const std::size_t first = sent;
    if (q != self)
      for (const std::size_t shard : roots) {
        for_biases_of(q, [&](std::size_t layer, UnitRange own, std::size_t place) {
          std::ranges::copy(nabla_of(shard).bias(layer).subspan(own.first, own.count),
                            sent_biases_.span().subspan(sent + place).begin());
        });
        sent += bias_parts_[q].count;
      }
    sent_[q] = bytes<T>(first, sent - first);
    const std::size_t size = bias_parts_[self].count;
    received_[q] =
        q == self ? BytesRange() : bytes<T>(place_of(q, 0) * size, tree_->roots(q).size() * size);
  }
  bias_ticket_ = ranks_.begin_exchange(std::as_bytes(std::as_const(sent_biases_).span()), sent_,
                                       std::as_writable_bytes(received_biases_.span()), received_);
}

template <class T>
void RankReducer<T>::share_weight(std::size_t layer) {
  const MatrixView<T> weight = sharing_->weight(layer);
  weight_ticket_ = ranks_.begin_gather(
      std::as_writable_bytes(std::span(weight.data, weight.rows * weight.stride)),
      layers_[layer].parts);
}

/// Those of all layers at once.
template <class T>
void RankReducer<T>::share_biases() {
  const std::size_t self = ranks_.rank();
  for_biases_of(self, [&](std::size_t layer, UnitRange own, std::size_t place) {
    std::ranges::copy(std::as_const(*sharing_).bias(layer).subspan(own.first, own.count),
                      all_biases_.span().subspan(bias_parts_[self].first + place).begin());
  });
  for (std::size_t q = 0; q < ranks_.size(); ++q)
    sent_[q] = bytes<T>(bias_parts_[q].first, bias_parts_[q].count);
  shared_biases_ = ranks_.begin_gather(std::as_writable_bytes(all_biases_.span()), sent_);
}

template <class T>
void RankReducer<T>::take_biases() {
  ranks_.wait(shared_biases_);
  for (std::size_t q = 0; q < ranks_.size(); ++q)
    if (q != ranks_.rank())
      for_biases_of(q, [&](std::size_t layer, UnitRange own, std::size_t place) {
        std::ranges::copy(all_biases_.span().subspan(bias_parts_[q].first + place, own.count),
                          sharing_->bias(layer).subspan(own.first).begin());
      });
}

template class RankReducer<float>;
template class RankReducer<double>;

}  // namespace nabla
