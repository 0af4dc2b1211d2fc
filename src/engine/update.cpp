// SPDX-License-Identifier: MIT
#include "engine/update.h"

#include <algorithm>
#include <cmath>

#include "nabla/math/elementwise.h"

#include "model/backprop.h"
#include "model/padding.h"

namespace nabla {

namespace {

/// Elements of a strip: its nabla, its parameters and what the optimiser remembers of them stay in
/// the nearest caches between product and step.
constexpr std::size_t kStripElements = 32768;

/// Neurons of a tile whose nabla is formed and stepped at once.
std::size_t strip_neurons(const Tile& tile) {
  return std::clamp<std::size_t>(kStripElements / tile.inputs.count, 1, tile.neurons.count);
}

std::size_t strip_storage(const Tile& tile) {
  return round_to_lines(tile.inputs.count) * strip_neurons(tile) +
         round_to_lines(strip_neurons(tile));
}

template <class T>
MatrixView<T> tile_weight(Network<T>& network, const Tile& tile) {
  return columns(network.weight(tile.layer), tile.inputs)
      .row_range(tile.neurons.first, tile.neurons.count);
}

/// The biases that move with a tile: none where batch normalisation takes them out again.
template <class T>
std::span<T> tile_bias(Network<T>& network, const Tile& tile) {
  if (tile.inputs.first > 0 || network.topology().layers()[tile.layer].batch_norm) return {};
  return network.bias(tile.layer).subspan(tile.neurons.first, tile.neurons.count);
}

/// Where something of a network lies in its flat array.
template <class T>
std::size_t place(const Network<T>& network, const T* element) {
  return static_cast<std::size_t>(element - network.parameters().data());
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

}  // namespace

template <class T>
Update<T>::Update(const Topology& topology, const StepPlan& plan, const OptimizerOptions& optimizer,
                  const Penalty& penalty, const NormBounds& bounds, std::size_t threads)
    : plan_(plan), bounds_(bounds), optimizer_(optimizer, penalty, topology.storage()) {
  const bool keeps_nabla = bounds.nabla > 0;
  if (plan.reduction == Reduction::kPerShard)
    nablas_.assign(plan.shards, Network<T>(topology));
  else if (keeps_nabla)
    nablas_.assign(1, Network<T>(topology));
  if (keeps_nabla) squares_.resize(plan.tiles.size());
  if (!nablas_.empty() || is_direct()) return;
  std::size_t size = 0;
  for (const Tile& tile : plan.tiles) size = std::max(size, strip_storage(tile));
  scratch_.emplace(threads, size);
}

/// Whether the product itself makes the step.
template <class T>
bool Update<T>::is_direct() const {
  return plan_.reduction == Reduction::kTiled && optimizer_.is_plain() && bounds_.neuron == 0 &&
         bounds_.nabla == 0;
}

template <class T>
void Update<T>::form_shard_nabla(Workspace<T>& workspace, std::size_t shard, RowRange rows,
                                 std::size_t i, Neurons neurons) {
  Network<T>& nabla = nablas_[shard];
  const Tile tile{i, neurons, {0, nabla.weight(i).cols}};
  form_nabla(workspace, rows, tile, {tile_weight(nabla, tile), tile_bias(nabla, tile)});
}

template <class T>
void Update<T>::run(Network<T>& network, const PassResult<T>& pass, double learning_rate,
                    const PhaseTasks& tasks) {
  const auto for_each_tile = [&](auto work) {
    tasks.run(Phase::kReduceStep, 0, plan_.tiles.size(),
              [&](std::size_t t) { work(plan_.tiles[t], t); });
  };
  optimizer_.begin_step(learning_rate);
  double scale = 1.0 / static_cast<double>(pass.rows);
  if (is_direct()) {
    for_each_tile(
        [&](const Tile& tile, std::size_t) { step_directly(network, pass, tile, learning_rate); });
  } else if (nablas_.empty()) {
    for_each_tile([&](const Tile& tile, std::size_t) { step_in_strips(network, pass, tile); });
  } else {
    if (bounds_.nabla > 0) {
      for_each_tile([&](const Tile& tile, std::size_t t) {
        form_whole(pass, tile);
        squares_[t] = squares(tile);
      });
      scale *= clip_factor(pass);
    }
    for_each_tile([&](const Tile& tile, std::size_t) {
      if (bounds_.nabla == 0) form_whole(pass, tile);
      step_tile(network, tile, whole_nabla(tile), scale);
    });
  }
  if (pass.batch_norm != nullptr) step_batch_norm(network, *pass.batch_norm, scale);
}

/// w ← (1 − η·l2) w − η/m Σ_rows ∇C_w and b ← b − η/m Σ_rows ∇C_b as products into the parameters.
/// The shards lie one behind another in the workspace, so their sum in ascending order is one
/// product over all rows.
template <class T>
void Update<T>::step_directly(Network<T>& network, const PassResult<T>& pass, const Tile& tile,
                              double learning_rate) {
  const RowRange rows{0, pass.rows};
  const T alpha = static_cast<T>(-learning_rate / static_cast<double>(pass.rows));
  const T decay = static_cast<T>(optimizer_.plain_decay(learning_rate));
  accumulate_nabla_w(pass.workspace, tile, rows, alpha, decay, tile_weight(network, tile));
  if (const std::span<T> bias = tile_bias(network, tile); !bias.empty())
    accumulate_nabla_b(pass.workspace, tile, rows, alpha, T(1), bias);
}

template <class T>
void Update<T>::step_in_strips(Network<T>& network, const PassResult<T>& pass, const Tile& tile) {
  typename ScratchPool<T>::Loan loan(*scratch_);
  const std::size_t most = strip_neurons(tile), stride = round_to_lines(tile.inputs.count);
  for (std::size_t first = 0; first < tile.neurons.count; first += most) {
    const std::size_t count = std::min(most, tile.neurons.count - first);
    const Tile strip{tile.layer, {tile.neurons.first + first, count}, tile.inputs};
    TileNabla nabla{{loan.data() + round_to_lines(most), count, tile.inputs.count, stride}, {}};
    if (!tile_bias(network, strip).empty()) nabla.b = {loan.data(), count};
    form_nabla(pass.workspace, {0, pass.rows}, strip, nabla);
    step_tile(network, strip, nabla, 1.0 / static_cast<double>(pass.rows));
  }
}

template <class T>
typename Update<T>::TileNabla Update<T>::whole_nabla(const Tile& tile) {
  return {tile_weight(nablas_.front(), tile), tile_bias(nablas_.front(), tile)};
}

/// The tile's part of the nabla that is kept.
template <class T>
void Update<T>::form_whole(const PassResult<T>& pass, const Tile& tile) {
  if (plan_.reduction == Reduction::kTiled)
    form_nabla(pass.workspace, {0, pass.rows}, tile, whole_nabla(tile));
  else
    add_shards(tile, pass.shards);
}

/// As one product over the rows, which may be those of several shards.
template <class T>
void Update<T>::form_nabla(Workspace<T>& workspace, RowRange rows, const Tile& tile,
                           const TileNabla& nabla) {
  accumulate_nabla_w(workspace, tile, rows, T(1), T(0), nabla.w);
  if (!nabla.b.empty()) accumulate_nabla_b(workspace, tile, rows, T(1), T(0), nabla.b);
}

/// To the first shard's nabla the others', in ascending order.
template <class T>
void Update<T>::add_shards(const Tile& tile, std::size_t shards) {
  const TileNabla sum = whole_nabla(tile);
  for (std::size_t r = 0; r < sum.w.rows; ++r)
    for (std::size_t s = 1; s < shards; ++s)
      elementwise::add<T>(tile_weight(nablas_[s], tile).row(r), sum.w.row(r));
  for (std::size_t s = 1; s < shards && !sum.b.empty(); ++s)
    elementwise::add<T>(tile_bias(nablas_[s], tile), sum.b);
}

template <class T>
double Update<T>::squares(const Tile& tile) {
  const TileNabla nabla = whole_nabla(tile);
  double sum = elementwise::sum_of_squares<T>(nabla.b);
  for (std::size_t r = 0; r < nabla.w.rows; ++r)
    sum += elementwise::sum_of_squares<T>(nabla.w.row(r));
  return sum;
}

/// What brings the nabla's norm down to the bound (Pascanu, Mikolov and Bengio 2013).
template <class T>
double Update<T>::clip_factor(const PassResult<T>& pass) const {
  double sum = 0;
  for (const double square : squares_) sum += square;
  if (pass.batch_norm != nullptr)
    for (std::size_t i = 0; i < pass.batch_norm->layers(); ++i)
      sum += elementwise::sum_of_squares<T>(pass.batch_norm->nabla_weight(i)) +
             elementwise::sum_of_squares<T>(pass.batch_norm->nabla_bias(i));
  const double norm = std::sqrt(sum) / static_cast<double>(pass.rows);
  return norm > bounds_.nabla ? bounds_.nabla / norm : 1.0;
}

/// γ and β of all layers, too few for tasks.
template <class T>
void Update<T>::step_batch_norm(Network<T>& network, const BatchNorm<T>& batch_norm, double scale) {
  const auto step = [&](std::span<T> parameters, std::span<const T> nabla) {
    optimizer_.step_range(ParameterKind::kOthers, parameters, place(network, parameters.data()),
                          nabla, scale);
  };
  for (std::size_t i = 0; i < batch_norm.layers(); ++i) {
    step(network.norm_weight(i), batch_norm.nabla_weight(i));
    step(network.norm_bias(i), batch_norm.nabla_bias(i));
  }
}

template <class T>
void Update<T>::step_tile(Network<T>& network, const Tile& tile, const TileNabla& nabla,
                          double scale) {
  const MatrixView<T> weight = tile_weight(network, tile);
  for (std::size_t r = 0; r < weight.rows; ++r)
    optimizer_.step_range(ParameterKind::kWeights, weight.row(r),
                          place(network, weight.row(r).data()), nabla.w.row(r), scale);
  if (bounds_.neuron > 0) bound_rows(weight, bounds_.neuron);
  if (const std::span<T> bias = tile_bias(network, tile); !bias.empty())
    optimizer_.step_range(ParameterKind::kOthers, bias, place(network, bias.data()), nabla.b,
                          scale);
}

template class Update<float>;
template class Update<double>;

}  // namespace nabla
