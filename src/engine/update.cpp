// SPDX-License-Identifier: MIT
#include "engine/update.h"

#include <algorithm>
#include <cmath>

#include "math/elementwise.h"
#include "model/backprop.h"

namespace nabla {

namespace {

/// Elements of a strip: its nabla, its parameters and what the optimiser remembers of them stay in
/// the nearest caches between product and step.
constexpr std::size_t kStripElements = 32768;
/// The same if there are only the parameters, which stay in the second cache until their image is
/// made. Each strip has the tile's inputs packed anew, so that fewer are faster.
constexpr std::size_t kImageStripElements = 131072;

/// Neurons of a tile whose nabla is formed and stepped at once.
std::size_t strip_neurons(const Tile& tile, std::size_t elements = kStripElements) {
  return std::clamp<std::size_t>(elements / tile.inputs.count, 1, tile.neurons.count);
}

/// Calls work(strip) for strips of so many neurons.
template <class Work>
void for_each_strip(const Tile& tile, std::size_t most, Work work) {
  for (std::size_t first = 0; first < tile.neurons.count; first += most) {
    const std::size_t count = std::min(most, tile.neurons.count - first);
    work(Tile{tile.layer, {tile.neurons.first + first, count}, tile.inputs});
  }
}

/// Scales each row down to the bound.
template <class T>
void bound_rows(MatrixView<T> weight, double bound) {
  for (std::size_t r = 0; r < weight.rows; ++r) {
    const std::span<T> row = weight.row(r);
    const double norm = std::sqrt(elementwise::sum_of_squares<T>(row));
    if (norm > bound) elementwise::axpby<T>(static_cast<T>(bound / norm), row, T(0), row);
  }
}

/// The tiles of the plan that belong to a first layer fed by sparse rows, or all others.
std::vector<Tile> tiles_of(const StepPlan& plan, bool sparse) {
  std::vector<Tile> tiles;
  for (const Tile& tile : plan.tiles)
    if ((plan.entries > 0 && tile.layer == 0) == sparse) tiles.push_back(tile);
  return tiles;
}

/// Elements of each thread's scratch if the nabla is there a strip at a time.
std::size_t strip_storage(const StepPlan& plan) {
  std::size_t most = 0;
  for (const Tile& tile : tiles_of(plan, false))
    most = std::max(most, buffer_storage(tile, strip_neurons(tile)));
  return most;
}

SumPlan sums_of(const StepPlan& plan, std::span<const Tile> tiles, const ShardRows& shard_rows) {
  return plan_sums(plan, tiles, shard_rows.ranks().size(), shard_rows.ranks().rank());
}

/// The places of the optimiser's state: all parameters, or those that this rank steps.
ParameterPlaces places_of(const Topology& topology, const ParameterShares& shares,
                          const Ranks& ranks) {
  if (ranks.size() == 1) return ParameterPlaces(topology.storage());
  return ParameterPlaces(shares.parameters(topology, ranks.rank()));
}

/// Calls work(t, part) for the tiles of a band with their parts of its nabla.
template <class T, class Work>
void for_each_tile_of(const Band& band, std::span<const Tile> tiles, const TilePart<T>& nabla,
                      Work work) {
  for (std::size_t t = band.first; t < band.first + band.count; ++t) {
    const std::size_t first = tiles[t].neurons.first - band.all.neurons.first;
    const std::size_t count = tiles[t].neurons.count;
    work(t, TilePart<T>{nabla.w.row_range(first, count),
                        nabla.b.empty() ? nabla.b : nabla.b.subspan(first, count)});
  }
}

template <class T>
double sum_of_squares(const TilePart<T>& nabla) {
  double sum = elementwise::sum_of_squares<T>(nabla.b);
  for (std::size_t r = 0; r < nabla.w.rows; ++r)
    sum += elementwise::sum_of_squares<T>(nabla.w.row(r));
  return sum;
}

}  // namespace

template <class P>
typename Update<P>::Way Update<P>::way_of(const StepPlan& plan, const Optimizer<T>& optimizer,
                                          const NormBounds& bounds, const SumPlan& sums,
                                          std::size_t ranks) {
  if (bounds.nabla > 0) return Way::kStored;
  if (plan.reduction == Reduction::kPerShard)
    return ranks == 1 && sums.parts == 1 ? Way::kBands : Way::kStored;
  return optimizer.is_plain() && bounds.neuron == 0 ? Way::kDirect : Way::kStrips;
}

template <class P>
Update<P>::Update(const Topology& topology, const StepPlan& plan, const OptimizerOptions& optimizer,
                  const Penalty& penalty, const NormBounds& bounds, const BatchNorm<P>& batch_norm,
                  const ShardRows& shard_rows, Executor& executor)
    : plan_(plan),
      bounds_(bounds),
      batch_norm_(batch_norm),
      shard_rows_(shard_rows),
      executor_(executor),
      dense_tiles_(tiles_of(plan, false)),
      shares_(topology, dense_tiles_, shard_rows.ranks().size()),
      optimizer_(optimizer, penalty, places_of(topology, shares_, shard_rows.ranks())),
      way_(way_of(plan, optimizer_, bounds, sums_of(plan, dense_tiles_, shard_rows),
                  shard_rows.ranks().size())),
      nablas_(topology, plan, dense_tiles_, sums_of(plan, dense_tiles_, shard_rows), shard_rows,
              way_ == Way::kStored, executor.threads()),
      squares_(bounds.nabla > 0 ? plan.tiles.size() : 0) {
  const std::size_t threads = executor.threads();
  if (shard_rows.ranks().size() > 1)
    reducer_.emplace(topology, dense_tiles_, shares_, shard_rows.ranks(), executor);
  if (reducer_)
    rank_bands_ =
        deal_bands(nablas_.plan().bands, reducer_->tiles(), topology.layers().size(), threads);
  if (plan.entries > 0)
    sparse_.emplace(plan, optimizer_, optimizer.lazy, bounds.neuron, way_ == Way::kDirect, threads);
  if (way_ == Way::kStrips) scratch_.emplace(threads, AlignedArray<T>(strip_storage(plan)));
}

template <class P>
double Update<P>::bytes(const Topology& topology, const StepPlan& plan,
                        const OptimizerOptions& optimizer, const Penalty& penalty,
                        const NormBounds& bounds, std::size_t threads) {
  const SumPlan sums = plan_sums(plan, tiles_of(plan, false));
  const Way way = way_of(plan, Optimizer<T>(optimizer, penalty, 0), bounds, sums, 1);
  const std::size_t strips = way == Way::kStrips ? threads * strip_storage(plan) : 0;
  return NablaSums<P>::bytes(topology, sums, way == Way::kStored, threads) +
         static_cast<double>(sizeof(T) * strips) +
         (plan.entries > 0 ? SparseUpdate<P>::bytes(plan, way == Way::kDirect, threads) : 0);
}

template <class P>
std::vector<Stage<P>> Update<P>::exchange_stages(std::size_t layer) {
  if (!reducer_ || (sparse_ && layer == 0)) return {};
  return {
      {Phase::kBackprop, StageCut::kNone, 0, [this, layer](const PassData<P>& pass, const Block&) {
         const auto form = [&](std::span<const Band> bands) {
           executor_.run(nablas_.parts().size() * bands.size(), [&](std::size_t n) {
             nablas_.form(pass.workspace, n / bands.size(), bands[n % bands.size()]);
           });
         };
         form(rank_bands_[layer].stored);
         if (!forms_own_last_) form(rank_bands_[layer].own);
         reducer_->take_layer(layer);
       }}};
}

template <class P>
void Update<P>::begin(std::size_t rows) {
  nablas_.begin(rows);
  if (!reducer_) return;
  forms_own_last_ = bounds_.nabla == 0 && nablas_.parts().size() == 1;
  reducer_->begin(nablas_.tree(), nablas_.kept());
}

template <class P>
void Update<P>::run(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                    double learning_rate, const PhaseTasks& tasks) {
  const auto for_each = [&](std::span<const Tile> tiles, auto work) {
    tasks.run(Phase::kReduceStep, 0, tiles.size(), [&](std::size_t t) { work(tiles[t], t); });
  };
  const double scale = 1.0 / static_cast<double>(rows);
  const std::span<const Tile> all = plan_.tiles;
  optimizer_.begin_step(learning_rate);
  if (way_ == Way::kDirect) {
    if (sparse_) decay_first_layer(network, learning_rate, tasks);
    for_each(all, [&](const Tile& tile, std::size_t) {
      if (is_sparse(tile))
        sparse_->step_directly(network, workspace, tile, rows, learning_rate, weight_factor_);
      else
        step_directly(network, workspace, tile, rows, learning_rate);
    });
    workspace.set_weight_factor(static_cast<T>(weight_factor_));
  } else if (way_ == Way::kBands) {
    step_bands(network, workspace, rows, tasks);
  } else if (way_ == Way::kStrips) {
    for_each(all, [&](const Tile& tile, std::size_t) {
      if (is_sparse(tile))
        sparse_->step(network, workspace, tile, rows, scale);
      else
        step_in_strips(network, workspace, tile, rows);
    });
  } else {
    return step_stored(network, workspace, rows, tasks);
  }
  step_batch_norm(network, scale);
}

/// One task forms the nabla of a band, shard by shard, and steps its tiles.
template <class P>
void Update<P>::step_bands(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                           const PhaseTasks& tasks) {
  // The sparse tiles come first in the plan.
  const std::size_t sparse = plan_.tiles.size() - dense_tiles_.size();
  const double scale = 1.0 / static_cast<double>(rows);
  const std::vector<Band>& bands = nablas_.plan().bands;
  tasks.run(Phase::kReduceStep, 0, sparse + bands.size(), [&](std::size_t n) {
    if (n < sparse) return sparse_->step(network, workspace, plan_.tiles[n], rows, scale);
    const Band& band = bands[n - sparse];
    nablas_.form_in_cache(workspace, band, [&](const TilePart<T>& sum) {
      for_each_tile_of<T>(band, dense_tiles_, sum, [&](std::size_t t, const TilePart<T>& nabla) {
        step_tile(network, workspace, dense_tiles_[t], nabla, scale);
      });
    });
  });
}

/// A step whose nabla is kept, or with the reducer.
template <class P>
void Update<P>::step_stored(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                            const PhaseTasks& tasks) {
  // The sparse tiles come first in the plan.
  const std::span<const Tile> sparse =
      std::span(plan_.tiles).first(plan_.tiles.size() - dense_tiles_.size());
  const std::span<const std::size_t> own = shares_.tiles(shard_rows_.ranks().rank());
  double scale = 1.0 / static_cast<double>(rows);
  const auto for_sparse = [&](auto work) { tasks.run(Phase::kReduceStep, 0, sparse.size(), work); };
  const auto step_sparse = [&](std::size_t t) {
    sparse_->step(network, workspace, sparse[t], rows, scale);
  };
  const auto step = [&](std::size_t t) {
    step_tile(network, workspace, dense_tiles_[own[t]], nabla_of(own[t]), scale);
  };
  if (forms_own_last_) {
    for_sparse(step_sparse);
    step_own_bands(network, workspace, rows, tasks);
  } else if (bounds_.nabla == 0) {
    for_sparse(step_sparse);
    sum_nabla(workspace, tasks, step);
  } else {
    for_sparse([&](std::size_t t) {
      squares_[t] = sparse_->sum_of_squares(workspace, network, sparse[t], rows);
    });
    const std::span<double> squares = std::span(squares_).subspan(sparse.size());
    sum_nabla(workspace, tasks,
              [&](std::size_t t) { squares[own[t]] = sum_of_squares(nabla_of(own[t])); });
    if (reducer_) reducer_->share_numbers(squares);
    scale *= clip_factor(rows);
    for_sparse(step_sparse);
    tasks.run(Phase::kReduceStep, 0, own.size(), step);
  }
  step_batch_norm(network, scale);
  if (reducer_) reducer_->begin_sharing(network);
}

/// The last layers first, whose parts from other ranks were on their way first.
template <class P>
void Update<P>::step_own_bands(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                               const PhaseTasks& tasks) {
  const double scale = 1.0 / static_cast<double>(rows);
  for (std::size_t i = network.layers(); i-- > 0;) {
    if (!shares_.is_dealt(i)) continue;
    reducer_->wait_for_weights(i, tasks);
    const RankBands& layer = rank_bands_[i];
    tasks.run(Phase::kReduceStep, 0, layer.own.size() + layer.own_stored.size(),
              [&](std::size_t n) {
                if (n < layer.own.size())
                  return step_own_band(network, workspace, layer.own[n], scale);
                const std::size_t t = layer.own_stored[n - layer.own.size()];
                const Tile& tile = dense_tiles_[t];
                const MatrixView<T> own = nablas_.kept(tile).w;
                step_tile(network, workspace, tile, {reducer_->sum_of_weights(t, own), {}}, scale);
              });
  }
  reducer_->wait_for_biases(tasks);
  for (const std::size_t t : reducer_->tiles())
    if (const std::span<const T> nabla = reducer_->sum_of_biases(t); !nabla.empty())
      step_others(network, part_of(network, dense_tiles_[t]).b, nabla, scale);
}

/// Forms nabla_w of a band over this rank's shards, and steps the weights by the sum of all ranks.
/// nabla_b is kept.
template <class P>
void Update<P>::step_own_band(Network<T>& network, Workspace<P>& workspace, const Band& band,
                              double scale) {
  nablas_.form_in_cache(workspace, band, [&](const TilePart<T>& own) {
    for_each_tile_of<T>(band, dense_tiles_, own, [&](std::size_t t, const TilePart<T>& nabla) {
      step_tile(network, workspace, dense_tiles_[t], {reducer_->sum_of_weights(t, nabla.w), {}},
                scale);
    });
  });
}

template <class P>
std::vector<Stage<P>> Update<P>::arrival_stages(std::size_t layer) {
  if (!reducer_) return {};
  return {
      {Phase::kExchange, StageCut::kNone, 0, [this, layer](const PassData<P>& pass, const Block&) {
         finish_layer(pass.network, pass.workspace, layer);
       }}};
}

template <class P>
void Update<P>::finish(const Network<T>& network, Workspace<P>& workspace) {
  for (std::size_t i = 0; i < network.layers(); ++i) finish_layer(network, workspace, i);
}

/// Waits for a layer, and makes the images of its weights that other ranks have stepped.
template <class P>
void Update<P>::finish_layer(const Network<T>& network, Workspace<P>& workspace,
                             std::size_t layer) {
  if (!reducer_ || !reducer_->is_sharing()) return;
  reducer_->finish_layer(layer);
  if constexpr (kHasImages<P>) {
    const RowRange tiles = shares_.layer_tiles(layer);
    executor_.run(tiles.count, [&](std::size_t n) {
      if (!std::ranges::binary_search(reducer_->tiles(), tiles.first + n))
        workspace.round_weights(network, dense_tiles_[tiles.first + n]);
    });
  }
}

/// Takes the decay of a plain step into the factor of the first layer's weights, so that those that
/// the mini-batch does not touch need not be moved.
template <class P>
void Update<P>::decay_first_layer(Network<T>& network, double learning_rate,
                                  const PhaseTasks& tasks) {
  // Below it the stored weights would become large, and those of a decay to 0 infinite.
  constexpr double kSmallestFactor = 0x1p-10;
  weight_factor_ *= optimizer_.plain_decay(learning_rate);
  if (weight_factor_ >= kSmallestFactor) return;
  const std::vector<Tile>& tiles = plan_.tiles;
  const std::size_t count = tiles.size() - dense_tiles_.size();
  tasks.run(Phase::kReduceStep, 0, count, [&](std::size_t t) {
    const MatrixView<T> w = part_of(network, tiles[t]).w;
    for (std::size_t r = 0; r < w.rows; ++r)
      elementwise::axpby<T>(static_cast<T>(weight_factor_), w.row(r), T(0), w.row(r));
  });
  weight_factor_ = 1;
}

/// w ← (1 − η·l2) w − η/m Σ_rows ∇C_w and b ← b − η/m Σ_rows ∇C_b as products into the parameters.
/// The shards lie one behind another in the workspace, so their sum in ascending order is one
/// product over all rows.
template <class P>
void Update<P>::step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                              std::size_t rows, double learning_rate) {
  const RowRange all{0, rows};
  const T alpha = static_cast<T>(-learning_rate / static_cast<double>(rows));
  const T decay = static_cast<T>(optimizer_.plain_decay(learning_rate));
  const auto step = [&](const Tile& piece) {
    const TilePart<T> part = part_of(network, piece);
    accumulate_nabla_w(workspace, piece, all, alpha, decay, part.w);
    if (!part.b.empty()) accumulate_nabla_b(workspace, piece, all, alpha, T(1), part.b);
    workspace.round_weights(network, piece);
  };
  // Images are made of weights that are still in the cache.
  if constexpr (kHasImages<P>)
    for_each_strip(tile, strip_neurons(tile, kImageStripElements), step);
  else
    step(tile);
}

template <class P>
void Update<P>::step_in_strips(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                               std::size_t rows) {
  typename ScratchPool<AlignedArray<T>>::Loan loan(*scratch_);
  for_each_strip(tile, strip_neurons(tile), [&](const Tile& strip) {
    const TilePart<T> nabla = part_in(loan->span(), strip, has_biases(network.topology(), strip));
    form_nabla(workspace, {0, rows}, strip, nabla);
    step_tile(network, workspace, strip, nabla, 1.0 / static_cast<double>(rows));
  });
}

/// Makes nabla_of(tile) the sum over all rows, and calls then(t) for tile t of those that this
/// process steps as soon as that is there.
template <class P>
void Update<P>::sum_nabla(Workspace<P>& workspace, const PhaseTasks& tasks, TaskRef then) {
  return reducer_ ? reducer_->sum(tasks, then) : nablas_.form_all(workspace, tasks, then);
}

/// Where the sum of a tile's nabla is, by the tile's place in dense_tiles_.
template <class P>
TilePart<SumOf<P>> Update<P>::nabla_of(std::size_t tile) {
  return reducer_ ? reducer_->sum_of(tile) : nablas_.kept(dense_tiles_[tile]);
}

/// The factor that brings the nabla's norm down to the bound (Pascanu, Mikolov and Bengio 2013).
template <class P>
double Update<P>::clip_factor(std::size_t rows) const {
  double sum = 0;
  for (const double square : squares_) sum += square;
  for (std::size_t i = 0; i < batch_norm_.layers(); ++i)
    sum += elementwise::sum_of_squares<T>(batch_norm_.nabla_weight(i)) +
           elementwise::sum_of_squares<T>(batch_norm_.nabla_bias(i));
  const double norm = std::sqrt(sum) / static_cast<double>(rows);
  return norm > bounds_.nabla ? bounds_.nabla / norm : 1.0;
}

/// γ and β of all layers, which the pass has summed over the shards; too few for tasks.
template <class P>
void Update<P>::step_batch_norm(Network<T>& network, double scale) {
  for (std::size_t i = 0; i < batch_norm_.layers(); ++i) {
    step_others(network, network.norm_weight(i), batch_norm_.nabla_weight(i), scale);
    step_others(network, network.norm_bias(i), batch_norm_.nabla_bias(i), scale);
  }
}

template <class P>
void Update<P>::step_tile(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                          const TilePart<T>& nabla, double scale) {
  const TilePart<T> part = part_of(network, tile);
  for (std::size_t r = 0; r < part.w.rows; ++r)
    optimizer_.step_range(ParameterKind::kWeights, part.w.row(r),
                          place(network, part.w.row(r).data()), nabla.w.row(r), scale);
  if (bounds_.neuron > 0) bound_rows(part.w, bounds_.neuron);
  workspace.round_weights(network, tile);
  if (!nabla.b.empty()) step_others(network, part.b, nabla.b, scale);
}

/// Steps parameters that are no weights.
template <class P>
void Update<P>::step_others(Network<T>& network, std::span<T> parameters, std::span<const T> nabla,
                            double scale) {
  optimizer_.step_range(ParameterKind::kOthers, parameters, place(network, parameters.data()),
                        nabla, scale);
}

template class Update<Float32>;
template class Update<Bfloat16>;
template class Update<Float64>;

}  // namespace nabla
