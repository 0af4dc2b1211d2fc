// SPDX-License-Identifier: MIT
#include "engine/sparse_update.h"

#include <algorithm>
#include <cmath>

#include "engine/pairwise.h"
#include "math/elementwise.h"
#include "model/backprop.h"
#include "model/padding.h"
#include "model/sparse_products.h"

namespace nabla {

namespace {

/// The largest tile of a first layer that sparse rows feed.
UnitRange largest_inputs(const StepPlan& plan) {
  UnitRange most;
  for (const Tile& tile : plan.tiles)
    if (tile.layer == 0 && tile.inputs.count > most.count) most = tile.inputs;
  return most;
}

std::size_t most_neurons(const StepPlan& plan) {
  std::size_t most = 0;
  for (const Tile& tile : plan.tiles)
    if (tile.layer == 0) most = std::max(most, tile.neurons.count);
  return most;
}

/// Scales each column of weights [inputs × neurons] down to the bound. `squares` has room for a
/// number of each.
template <class T>
void bound_columns(MatrixView<T> weight, double bound, std::span<double> squares) {
  std::ranges::fill(squares, 0.0);
  for (std::size_t r = 0; r < weight.rows; ++r)
    for (std::size_t j = 0; j < weight.cols; ++j) {
      const auto w = static_cast<double>(weight(r, j));
      squares[j] += w * w;
    }
  const auto factor = [&](double square) {
    return square > bound * bound ? bound / std::sqrt(square) : 1.0;
  };
  std::ranges::transform(squares, squares.begin(), factor);
  for (std::size_t r = 0; r < weight.rows; ++r)
    for (std::size_t j = 0; j < weight.cols; ++j) weight(r, j) *= static_cast<T>(squares[j]);
}

/// Columns of a tile that may have entries in one mini-batch, if they are listed.
std::size_t most_touched(const StepPlan& plan, bool direct) {
  return direct ? 0 : std::min(largest_inputs(plan).count, plan.entries);
}

/// Sums over rows that are kept apart.
std::size_t sums_of(const StepPlan& plan) {
  return plan.reduction == Reduction::kPerShard ? plan.shards : 1;
}

}  // namespace

template <class P>
typename SparseUpdate<P>::Scratch SparseUpdate<P>::make_scratch(const StepPlan& plan, bool direct) {
  const std::size_t neurons = most_neurons(plan), touched = most_touched(plan, direct);
  return {.entries = TouchedColumns<T>(plan.batch_size, largest_inputs(plan).count, touched),
          .nablas = std::vector<Matrix<T>>(sums_of(plan),
                                           Matrix<T>(touched, neurons, padded_stride(neurons))),
          .bias = std::vector<AlignedArray<T>>(sums_of(plan), AlignedArray<T>(neurons)),
          .squares = AlignedArray<double>(neurons)};
}

template <class P>
SparseUpdate<P>::SparseUpdate(const StepPlan& plan, Optimizer<T>& optimizer, bool lazy,
                              double bound, bool direct, std::size_t threads)
    : plan_(plan),
      optimizer_(optimizer),
      lazy_(lazy),
      bound_(bound),
      zeros_(most_neurons(plan)),
      scratch_(threads, make_scratch(plan, direct)) {}

template <class P>
double SparseUpdate<P>::bytes(const StepPlan& plan, bool direct, std::size_t threads) {
  const std::size_t touched = most_touched(plan, direct);
  const auto rows = static_cast<double>(touched * sums_of(plan));
  const auto stride = static_cast<double>(padded_stride(most_neurons(plan)) * sizeof(T));
  return static_cast<double>(threads) *
         (TouchedColumns<T>::bytes(plan.batch_size, largest_inputs(plan).count, touched) +
          rows * stride);
}

template <class P>
void SparseUpdate<P>::step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                                    std::size_t rows, double learning_rate, double factor) {
  typename ScratchPool<Scratch>::Loan scratch(scratch_);
  const RowRange all{0, rows};
  const double alpha = -learning_rate / static_cast<double>(rows);
  scratch->entries.take(workspace.sparse_inputs(), rows, tile.inputs);
  add_nabla_w(workspace, scratch->entries, all, tile.neurons, static_cast<T>(alpha / factor),
              columns(network.weight(0), tile.neurons), false);
  const std::span<T> bias = part_of(network, tile).b;
  if (!bias.empty()) accumulate_nabla_b(workspace, tile, all, static_cast<T>(alpha), T(1), bias);
}

template <class P>
double SparseUpdate<P>::sum_of_squares(Workspace<P>& workspace, const Network<T>& network,
                                       const Tile& tile, std::size_t rows) {
  typename ScratchPool<Scratch>::Loan scratch(scratch_);
  const bool has_bias = tile.inputs.first == 0 && !network.topology().batch_norm();
  form_nabla(workspace, tile, rows, has_bias, *scratch);
  double sum = 0;
  if (has_bias)
    sum = elementwise::sum_of_squares<T>(scratch->bias.front().span().first(tile.neurons.count));
  for (std::size_t i = 0; i < scratch->entries.touched().size(); ++i)
    sum += elementwise::sum_of_squares<T>(scratch->nablas.front().row(i).first(tile.neurons.count));
  return sum;
}

template <class P>
void SparseUpdate<P>::step(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                           std::size_t rows, double scale) {
  typename ScratchPool<Scratch>::Loan scratch(scratch_);
  const TilePart<T> part = part_of(network, tile);
  form_nabla(workspace, tile, rows, !part.b.empty(), *scratch);
  const TouchedColumns<T>& entries = scratch->entries;
  const Matrix<T>& nabla_w = scratch->nablas.front();
  const auto step_row = [&](std::size_t column, std::span<const T> nabla) {
    const std::span<T> w = part.w.row(column - tile.inputs.first);
    optimizer_.step_range(ParameterKind::kWeights, w, place(network, w.data()),
                          nabla.first(w.size()), scale);
  };
  if (lazy_) {
    for (std::size_t i = 0; i < entries.touched().size(); ++i)
      step_row(entries.touched()[i], nabla_w.row(i));
  } else {
    for (std::size_t j = 0; j < tile.inputs.count; ++j) {
      const std::uint32_t place = entries.places()[j];
      step_row(tile.inputs.first + j,
               place == TouchedColumns<T>::kUntouched ? zeros_.span() : nabla_w.row(place));
    }
  }
  if (bound_ > 0) bound_columns(part.w, bound_, scratch->squares.span().first(part.w.cols));
  if (!part.b.empty())
    optimizer_.step_range(ParameterKind::kOthers, part.b, place(network, part.b.data()),
                          scratch->bias.front().span().first(part.b.size()), scale);
}

/// The sums over the rows of the tile's weights, by touched columns, and of its biases. A
/// column that a shard does not touch is 0 in its sum.
template <class P>
void SparseUpdate<P>::form_nabla(Workspace<P>& workspace, const Tile& tile, std::size_t rows,
                                 bool has_bias, Scratch& scratch) const {
  TouchedColumns<T>& entries = scratch.entries;
  entries.take(workspace.sparse_inputs(), rows, tile.inputs);
  entries.list_touched();
  const std::size_t touched = entries.touched().size(), neurons = tile.neurons.count;
  const bool is_whole = plan_.reduction != Reduction::kPerShard;
  const std::size_t sums = is_whole ? 1 : plan_.shards_of(rows);
  const auto nabla_w = [&](std::size_t s, std::size_t i) {
    return scratch.nablas[s].row(i).first(neurons);
  };
  const auto nabla_b = [&](std::size_t s) { return scratch.bias[s].span().first(neurons); };
  for (std::size_t s = 0; s < sums; ++s) {
    const RowRange part = is_whole ? RowRange{0, rows} : plan_.shard_rows(rows, s);
    for (std::size_t i = 0; i < touched; ++i) std::ranges::fill(nabla_w(s, i), T(0));
    add_nabla_w(workspace, entries, part, tile.neurons, T(1), scratch.nablas[s].view(), true);
    if (has_bias) accumulate_nabla_b(workspace, tile, part, T(1), T(0), nabla_b(s));
  }
  add_pairwise(sums, [&](std::size_t to, std::size_t from) {
    for (std::size_t i = 0; i < touched; ++i) elementwise::add<T>(nabla_w(from, i), nabla_w(to, i));
    if (has_bias) elementwise::add<T>(nabla_b(from), nabla_b(to));
  });
}

template class SparseUpdate<Float32>;
template class SparseUpdate<Bfloat16>;
template class SparseUpdate<Float64>;

}  // namespace nabla
