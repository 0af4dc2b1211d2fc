// SPDX-License-Identifier: MIT
#include "engine/update.h"

#include <algorithm>
#include <cmath>

#include "engine/rank_reducer.h"
#include "math/elementwise.h"
#include "model/backprop.h"
#include "model/padding.h"

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

std::size_t strip_storage(const Tile& tile) {
  return round_to_lines(tile.inputs.count) * strip_neurons(tile) +
         round_to_lines(strip_neurons(tile));
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

/// The topology of the nabla that the update keeps: without that of an input-major first layer,
/// which then has one input.
Topology nabla_topology(const Topology& topology) {
  if (!topology.layers().front().input_major) return topology;
  std::vector<std::size_t> widths = topology.widths();
  widths.front() = 1;
  return {widths, topology.activations(), topology.batch_norm()};
}

/// The places of the optimiser's state: all parameters, or those that this rank steps.
ParameterPlaces places_of(const Topology& topology, const ParameterShares& shares,
                          const Ranks& ranks) {
  if (ranks.size() == 1) return ParameterPlaces(topology.storage());
  return ParameterPlaces(shares.parameters(topology, ranks.rank()));
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
                                          const NormBounds& bounds) {
  if (plan.reduction == Reduction::kPerShard || bounds.nabla > 0) return Way::kStored;
  return optimizer.is_plain() && bounds.neuron == 0 ? Way::kDirect : Way::kStrips;
}

/// Networks that nablas_ holds.
template <class P>
std::size_t Update<P>::nablas_of(const StepPlan& plan, Way way, std::size_t shards) {
  if (way != Way::kStored) return 0;
  return plan.reduction == Reduction::kPerShard ? shards : 1;
}

/// Elements of each thread's scratch.
template <class P>
std::size_t Update<P>::scratch_of(const StepPlan& plan, Way way) {
  std::size_t size = 0;
  if (way == Way::kStrips)
    for (const Tile& tile : tiles_of(plan, false)) size = std::max(size, strip_storage(tile));
  return size;
}

template <class P>
Update<P>::Update(const Topology& topology, const StepPlan& plan, const OptimizerOptions& optimizer,
                  const Penalty& penalty, const NormBounds& bounds, const BatchNorm<P>& batch_norm,
                  const ShardRows& shard_rows, Executor& executor)
    : plan_(plan),
      bounds_(bounds),
      batch_norm_(batch_norm),
      shard_rows_(shard_rows),
      dense_tiles_(tiles_of(plan, false)),
      shares_(topology, dense_tiles_, shard_rows.ranks().size()),
      optimizer_(optimizer, penalty, places_of(topology, shares_, shard_rows.ranks())),
      way_(way_of(plan, optimizer_, bounds)),
      reducer_(shard_rows.ranks().size() == 1
                   ? make_local_reducer<T>(dense_tiles_)
                   : make_rank_reducer<T>(topology, plan, dense_tiles_, shares_, shard_rows.ranks(),
                                          executor)),
      nablas_(nablas_of(plan, way_, shard_rows.own(plan.shards).count),
              Network<T>(nabla_topology(topology))),
      squares_(bounds.nabla > 0 ? plan.tiles.size() : 0) {
  const std::size_t threads = executor.threads();
  if (plan.entries > 0)
    sparse_.emplace(plan, optimizer_, optimizer.lazy, bounds.neuron, way_ == Way::kDirect, threads);
  if (const std::size_t size = scratch_of(plan, way_); size > 0)
    scratch_.emplace(threads, AlignedArray<T>(size));
}

template <class P>
double Update<P>::bytes(const Topology& topology, const StepPlan& plan,
                        const OptimizerOptions& optimizer, const Penalty& penalty,
                        const NormBounds& bounds, std::size_t threads) {
  const Way way = way_of(plan, Optimizer<T>(optimizer, penalty, 0), bounds);
  return sizeof(T) * (static_cast<double>(nablas_of(plan, way, plan.shards)) *
                          static_cast<double>(nabla_topology(topology).storage()) +
                      static_cast<double>(threads * scratch_of(plan, way))) +
         (plan.entries > 0 ? SparseUpdate<P>::bytes(plan, way == Way::kDirect, threads) : 0);
}

template <class P>
std::vector<Stage<P>> Update<P>::shard_stages(std::size_t layer) {
  if (plan_.reduction != Reduction::kPerShard || (sparse_ && layer == 0)) return {};
  std::vector<Stage<P>> stages;
  const std::size_t first = shard_rows_.own(plan_.shards).first;
  stages.push_back({Phase::kBackprop, StageCut::kNeurons, layer + 1,
                    [this, layer, first](const PassData<P>& pass, const Block& block) {
                      const UnitRange all_inputs{0, pass.network.weight(layer).cols};
                      const Tile tile{layer, block.neurons, all_inputs};
                      form_nabla(pass.workspace, block.rows, tile,
                                 part_of(nablas_[block.shard - first], tile));
                    }});
  if (shard_rows_.ranks().size() > 1)
    stages.push_back(
        {Phase::kBackprop, StageCut::kNone, 0,
         [this, layer](const PassData<P>&, const Block&) { reducer_->take_layer(layer); }});
  return stages;
}

template <class P>
void Update<P>::begin(std::size_t rows) {
  if (plan_.reduction == Reduction::kPerShard) reducer_->begin(plan_.shards_of(rows), nablas_);
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

/// A step whose nabla is in nablas_, or with the reducer.
template <class P>
void Update<P>::step_stored(Network<T>& network, Workspace<P>& workspace, std::size_t rows,
                            const PhaseTasks& tasks) {
  // The sparse tiles come first in the plan.
  const std::span<const Tile> sparse =
      std::span(plan_.tiles).first(plan_.tiles.size() - dense_tiles_.size());
  const std::span<const std::size_t> own = reducer_->tiles();
  double scale = 1.0 / static_cast<double>(rows);
  const auto for_sparse = [&](auto work) { tasks.run(Phase::kReduceStep, 0, sparse.size(), work); };
  const auto step_sparse = [&](std::size_t t) {
    sparse_->step(network, workspace, sparse[t], rows, scale);
  };
  const auto step = [&](std::size_t t) {
    step_tile(network, workspace, dense_tiles_[own[t]], nabla_of(own[t]), scale);
  };
  const auto share = [&](std::size_t layer) { reducer_->share_layer(network, layer); };
  if (bounds_.nabla == 0) {
    for_sparse(step_sparse);
    sum_nabla(workspace, rows, tasks, step, share);
  } else {
    for_sparse([&](std::size_t t) {
      squares_[t] = sparse_->sum_of_squares(workspace, network, sparse[t], rows);
    });
    const std::span<double> squares = std::span(squares_).subspan(sparse.size());
    sum_nabla(
        workspace, rows, tasks,
        [&](std::size_t t) { squares[own[t]] = sum_of_squares(nabla_of(own[t])); },
        [](std::size_t) {});
    reducer_->share_numbers(squares);
    scale *= clip_factor(rows);
    for_sparse(step_sparse);
    tasks.run(Phase::kReduceStep, 0, own.size(), step);
    for (std::size_t i = network.layers(); i-- > 0;) share(i);
  }
  step_batch_norm(network, scale);
  reducer_->finish_sharing(network, tasks);
  round_shared_weights(network, workspace, tasks);
}

/// Makes the images of the weights that other ranks have stepped.
template <class P>
void Update<P>::round_shared_weights(const Network<T>& network, Workspace<P>& workspace,
                                     const PhaseTasks& tasks) {
  if constexpr (kHasImages<P>) {
    if (shard_rows_.ranks().size() == 1) return;
    tasks.run(Phase::kReduceStep, 0, dense_tiles_.size(), [&](std::size_t t) {
      if (!std::ranges::binary_search(reducer_->tiles(), t))
        workspace.round_weights(network, dense_tiles_[t]);
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
  const std::size_t most = strip_neurons(tile), stride = round_to_lines(tile.inputs.count);
  for_each_strip(tile, most, [&](const Tile& strip) {
    const std::size_t count = strip.neurons.count;
    TilePart<T> nabla{{loan->data() + round_to_lines(most), count, tile.inputs.count, stride}, {}};
    if (!part_of(network, strip).b.empty()) nabla.b = {loan->data(), count};
    form_nabla(workspace, {0, rows}, strip, nabla);
    step_tile(network, workspace, strip, nabla, 1.0 / static_cast<double>(rows));
  });
}

/// Makes nabla_of(tile) the sum over all rows; see Reducer::sum.
template <class P>
void Update<P>::sum_nabla(Workspace<P>& workspace, std::size_t rows, const PhaseTasks& tasks,
                          TaskRef then, TaskRef after_layer) {
  if (plan_.reduction == Reduction::kPerShard) return reducer_->sum(tasks, then, after_layer);
  tasks.run(Phase::kReduceStep, 0, dense_tiles_.size(), [&](std::size_t t) {
    form_nabla(workspace, {0, rows}, dense_tiles_[t], nabla_of(t));
    then(t);
  });
}

/// Where the sum of a tile's nabla is, by the tile's place in dense_tiles_.
template <class P>
TilePart<SumOf<P>> Update<P>::nabla_of(std::size_t tile) {
  return plan_.reduction == Reduction::kPerShard ? reducer_->sum_of(tile)
                                                 : part_of(nablas_.front(), dense_tiles_[tile]);
}

/// One product over the rows, which may be those of several shards.
template <class P>
void Update<P>::form_nabla(Workspace<P>& workspace, RowRange rows, const Tile& tile,
                           const TilePart<T>& nabla) {
  accumulate_nabla_w(workspace, tile, rows, T(1), T(0), nabla.w);
  if (!nabla.b.empty()) accumulate_nabla_b(workspace, tile, rows, T(1), T(0), nabla.b);
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
  const auto step = [&](std::span<T> parameters, std::span<const T> nabla) {
    optimizer_.step_range(ParameterKind::kOthers, parameters, place(network, parameters.data()),
                          nabla, scale);
  };
  for (std::size_t i = 0; i < batch_norm_.layers(); ++i) {
    step(network.norm_weight(i), batch_norm_.nabla_weight(i));
    step(network.norm_bias(i), batch_norm_.nabla_bias(i));
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
  if (!part.b.empty())
    optimizer_.step_range(ParameterKind::kOthers, part.b, place(network, part.b.data()), nabla.b,
                          scale);
}

template class Update<Float32>;
template class Update<Bfloat16>;
template class Update<Float64>;

}  // namespace nabla
