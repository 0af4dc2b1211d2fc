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

/// Scales each column of weights [inputs × neurons] down to the bound.
template <class T>
void bound_columns(MatrixView<T> weight, double bound) {
  std::vector<double> squares(weight.cols);
  for (std::size_t r = 0; r < weight.rows; ++r)
    for (std::size_t j = 0; j < weight.cols; ++j) {
      const auto w = static_cast<double>(weight(r, j));
      squares[j] += w * w;
    }
  std::vector<T> factors;
  for (const double square : squares)
    factors.push_back(square > bound * bound ? static_cast<T>(bound / std::sqrt(square)) : T(1));
  for (std::size_t r = 0; r < weight.rows; ++r)
    for (std::size_t j = 0; j < weight.cols; ++j) weight(r, j) *= factors[j];
}

}  // namespace

template <class P>
typename SparseUpdate<P>::Scratch SparseUpdate<P>::make_scratch(const StepPlan& plan) {
  const std::size_t inputs = largest_inputs(plan).count;
  const std::size_t neurons = most_neurons(plan);
  const std::size_t shards = plan.reduction == Reduction::kPerShard ? plan.shards : 0;
  return {.entries = EntriesByColumn<T>(inputs, plan.entries),
          .nabla = Matrix<T>(std::min(inputs, plan.entries), neurons, padded_stride(neurons)),
          .shards = Matrix<T>(shards, neurons, padded_stride(neurons)),
          .bias = AlignedArray<T>(neurons),
          .begins = std::vector<std::size_t>(shards),
          .ends = std::vector<std::size_t>(shards),
          .has = std::vector<bool>(shards)};
}

template <class P>
SparseUpdate<P>::SparseUpdate(const StepPlan& plan, Optimizer<T>& optimizer, bool lazy,
                              double bound, std::size_t threads)
    : plan_(plan),
      optimizer_(optimizer),
      lazy_(lazy),
      bound_(bound),
      zeros_(most_neurons(plan)),
      scratch_(threads, make_scratch(plan)) {}

template <class P>
double SparseUpdate<P>::bytes(const StepPlan& plan, std::size_t threads) {
  const std::size_t inputs = largest_inputs(plan).count;
  const double row = static_cast<double>(padded_stride(most_neurons(plan)) * sizeof(T));
  const auto rows = static_cast<double>(std::min(inputs, plan.entries) + 1);
  return static_cast<double>(threads) *
         (EntriesByColumn<T>::bytes(inputs, plan.entries) + rows * row);
}

template <class P>
void SparseUpdate<P>::step_directly(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                                    std::size_t rows, double learning_rate, double factor) {
  typename ScratchPool<Scratch>::Loan scratch(scratch_);
  const RowRange all{0, rows};
  const double alpha = -learning_rate / static_cast<double>(rows);
  scratch->entries.take(workspace.sparse_inputs(), all, tile.inputs);
  accumulate_touched(workspace, scratch->entries, tile.neurons, static_cast<T>(alpha / factor),
                     T(1), columns(network.weight(0), tile.neurons));
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
    sum = elementwise::sum_of_squares<T>(scratch->bias.span().first(tile.neurons.count));
  for (std::size_t i = 0; i < scratch->entries.size(); ++i)
    sum += elementwise::sum_of_squares<T>(scratch->nabla.row(i).first(tile.neurons.count));
  return sum;
}

template <class P>
void SparseUpdate<P>::step(Network<T>& network, Workspace<P>& workspace, const Tile& tile,
                           std::size_t rows, double scale) {
  typename ScratchPool<Scratch>::Loan scratch(scratch_);
  const TilePart<T> part = part_of(network, tile);
  form_nabla(workspace, tile, rows, !part.b.empty(), *scratch);
  const EntriesByColumn<T>& entries = scratch->entries;
  const auto step_row = [&](std::size_t column, std::span<const T> nabla) {
    const std::span<T> w = part.w.row(column - tile.inputs.first);
    optimizer_.step_range(ParameterKind::kWeights, w, place(network, w.data()),
                          nabla.first(w.size()), scale);
  };
  if (lazy_) {
    for (std::size_t i = 0; i < entries.size(); ++i)
      step_row(entries.touched()[i], scratch->nabla.row(i));
  } else {
    for (std::size_t j = tile.inputs.first; j < tile.inputs.first + tile.inputs.count; ++j) {
      const std::size_t place_after = entries.place_after(j);
      step_row(j, place_after == 0 ? zeros_.span() : scratch->nabla.row(place_after - 1));
    }
  }
  if (bound_ > 0) bound_columns(part.w, bound_);
  if (!part.b.empty())
    optimizer_.step_range(ParameterKind::kOthers, part.b, place(network, part.b.data()),
                          scratch->bias.span().first(part.b.size()), scale);
}

/// The sums over the rows of the tile's weights, by touched columns, and of its biases.
template <class P>
void SparseUpdate<P>::form_nabla(Workspace<P>& workspace, const Tile& tile, std::size_t rows,
                                 bool has_bias, Scratch& scratch) const {
  EntriesByColumn<T>& entries = scratch.entries;
  entries.take(workspace.sparse_inputs(), {0, rows}, tile.inputs);
  if (plan_.reduction == Reduction::kPerShard)
    for (std::size_t i = 0; i < entries.size(); ++i) sum_shards(workspace, tile, rows, scratch, i);
  else
    sum_terms(workspace, entries, tile.neurons, entries.size(), entries.begins(), entries.ends(),
              scratch.nabla.view());
  if (has_bias) sum_bias(workspace, tile, rows, scratch);
}

/// The nabla of one touched column, summed within the shards first. A shard without entries adds
/// nothing.
template <class P>
void SparseUpdate<P>::sum_shards(Workspace<P>& workspace, const Tile& tile, std::size_t rows,
                                 Scratch& scratch, std::size_t touched) const {
  const EntriesByColumn<T>& entries = scratch.entries;
  const std::size_t shards = plan_.shards_of(rows), neurons = tile.neurons.count;
  std::size_t next = entries.begins()[touched];
  const std::size_t end = entries.ends()[touched];
  for (std::size_t s = 0; s < shards; ++s) {
    const RowRange shard = plan_.shard_rows(rows, s);
    scratch.begins[s] = next;
    while (next < end && entries.rows()[next] < shard.first + shard.count) ++next;
    scratch.ends[s] = next;
    scratch.has[s] = scratch.begins[s] < next;
  }
  sum_terms(workspace, entries, tile.neurons, shards, scratch.begins.data(), scratch.ends.data(),
            scratch.shards.view());
  const auto sum_of = [&](std::size_t s) { return scratch.shards.row(s).first(neurons); };
  add_pairwise(shards, [&](std::size_t to, std::size_t from) {
    if (!scratch.has[from]) return;
    if (scratch.has[to])
      elementwise::add<T>(sum_of(from), sum_of(to));
    else
      std::ranges::copy(sum_of(from), sum_of(to).begin());
    scratch.has[to] = true;
  });
  std::ranges::copy(sum_of(0), scratch.nabla.row(touched).begin());
}

template <class P>
void SparseUpdate<P>::sum_bias(Workspace<P>& workspace, const Tile& tile, std::size_t rows,
                               Scratch& scratch) const {
  const std::span<T> bias = scratch.bias.span().first(tile.neurons.count);
  if (plan_.reduction != Reduction::kPerShard)
    return accumulate_nabla_b(workspace, tile, {0, rows}, T(1), T(0), bias);
  const auto sum_of = [&](std::size_t s) {
    return scratch.shards.row(s).first(tile.neurons.count);
  };
  const std::size_t shards = plan_.shards_of(rows);
  for (std::size_t s = 0; s < shards; ++s)
    accumulate_nabla_b(workspace, tile, plan_.shard_rows(rows, s), T(1), T(0), sum_of(s));
  add_pairwise(shards, [&](std::size_t to, std::size_t from) {
    elementwise::add<T>(sum_of(from), sum_of(to));
  });
  std::ranges::copy(sum_of(0), bias.begin());
}

template class SparseUpdate<Float32>;
template class SparseUpdate<Bfloat16>;
template class SparseUpdate<Float64>;

}  // namespace nabla
