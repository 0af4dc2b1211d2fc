// SPDX-License-Identifier: MIT
#include "model/batch_norm.h"

#include <cmath>

#include "math/batch_norm.h"
#include "math/elementwise.h"
#include "model/feedforward.h"
#include "model/padding.h"

namespace nabla {

namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

template <class T>
MatrixView<T> row_range(Matrix<T>& matrix, RowRange rows) {
  return matrix.view().row_range(rows.first, rows.count);
}

template <class Array>
auto part(Array&& array, UnitRange neurons) {
  return array.span().subspan(neurons.first, neurons.count);
}

template <class T>
std::span<T> part(Matrix<T>& matrix, std::size_t row, UnitRange neurons) {
  return matrix.row(row).subspan(neurons.first, neurons.count);
}

}  // namespace

template <class P>
BatchNorm<P>::BatchNorm(const Topology& topology, std::size_t rows, std::size_t shards) {
  for (const Layer& normalized : topology.layers()) {
    if (!normalized.batch_norm) continue;
    const std::size_t width = normalized.outputs;
    const Matrix<T> of_shards(shards, width, padded_stride(width));
    const AlignedArray<T> array(width);
    layers_.push_back({Matrix<T>(rows, width, padded_stride(width)), of_shards, of_shards,
                       of_shards, of_shards, array, array, array, array, array, array, array,
                       array});
  }
}

template <class P>
double BatchNorm<P>::bytes(const Topology& topology, std::size_t rows, std::size_t shards) {
  double elements = 0;
  for (const Layer& layer : topology.layers()) {
    if (!layer.batch_norm) continue;
    elements +=
        static_cast<double>(rows + 4 * shards) * static_cast<double>(padded_stride(layer.outputs)) +
        8 * static_cast<double>(layer.outputs);
  }
  return sizeof(T) * elements;
}

template <class P>
void BatchNorm<P>::feed(const Network<T>& network, Workspace<P>& workspace, std::size_t i,
                        std::size_t shard, RowRange rows, UnitRange neurons) {
  LayerState& layer = layers_[i];
  const MatrixView<T> z = columns(row_range(layer.normalized, rows), neurons);
  weigh_inputs(network, workspace, i, rows, neurons, z);
  batch_norm::column_moments<T>(z, part(layer.shard_means, shard, neurons),
                                part(layer.shard_square_distances, shard, neurons));
}

/// Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances" (1979).
template <class P>
void BatchNorm<P>::combine_moments(std::size_t i, std::span<const RowRange> shards) {
  LayerState& layer = layers_[i];
  batch_rows_ = 0;
  for (const RowRange rows : shards) batch_rows_ += rows.count;
  const auto total = static_cast<double>(batch_rows_);
  for (std::size_t j = 0; j < layer.mean.size(); ++j) {
    double mean = 0, squares = 0, count = 0;
    for (std::size_t s = 0; s < shards.size(); ++s) {
      const auto rows = static_cast<double>(shards[s].count);
      const double distance = static_cast<double>(layer.shard_means(s, j)) - mean;
      const double share = rows / (count + rows);
      mean += distance * share;
      squares += static_cast<double>(layer.shard_square_distances(s, j)) +
                 distance * distance * count * share;
      count += rows;
    }
    const double variance = squares / total;
    layer.mean[j] = static_cast<T>(mean);
    layer.variance[j] = static_cast<T>(variance);
    layer.inverse_deviation[j] = static_cast<T>(1.0 / std::sqrt(variance + kEpsilon));
  }
}

template <class P>
void BatchNorm<P>::normalize(const Network<T>& network, Workspace<P>& workspace, std::size_t i,
                             RowRange rows, UnitRange neurons) {
  LayerState& layer = layers_[i];
  const Activation activation = network.topology().layers()[i].activation;
  const bool keeps_z = traits_of(activation).needs_z;
  const MatrixView<T> a = columns(workspace.activation(i + 1, rows), neurons);
  const MatrixView<T> y = keeps_z ? columns(workspace.weighted_input(i, rows), neurons) : a;
  const auto of_neurons = [&](auto values) { return values.subspan(neurons.first, neurons.count); };
  batch_norm::normalize<T>(columns(row_range(layer.normalized, rows), neurons), y,
                           part(layer.mean, neurons), part(layer.inverse_deviation, neurons),
                           of_neurons(network.norm_weight(i)), of_neurons(network.norm_bias(i)));
  if (keeps_z)
    elementwise::add_bias_keep_apply<T>(activation, {}, y, a);
  else
    elementwise::add_bias_apply<T>(activation, {}, a);
}

template <class P>
void BatchNorm<P>::take_sums(Workspace<P>& workspace, std::size_t i, std::size_t shard,
                             RowRange rows, UnitRange neurons) {
  LayerState& layer = layers_[i];
  batch_norm::column_sums_and_dots<T>(columns(workspace.delta(i, rows), neurons),
                                      columns(row_range(layer.normalized, rows), neurons),
                                      part(layer.shard_sums, shard, neurons),
                                      part(layer.shard_dots, shard, neurons));
}

template <class P>
void BatchNorm<P>::combine_sums(const Network<T>& network, std::size_t i, std::size_t shards) {
  LayerState& layer = layers_[i];
  const T mean = static_cast<T>(1.0 / static_cast<double>(batch_rows_));
  for (std::size_t j = 0; j < layer.sums.size(); ++j) {
    T sum = 0, dot = 0;
    for (std::size_t s = 0; s < shards; ++s) {
      sum += layer.shard_sums(s, j);
      dot += layer.shard_dots(s, j);
    }
    layer.sums[j] = sum;
    layer.dots[j] = dot;
    layer.mean_delta[j] = mean * sum;
    layer.mean_dot[j] = mean * dot;
    layer.factor[j] = network.norm_weight(i)[j] * layer.inverse_deviation[j];
  }
}

template <class P>
void BatchNorm<P>::backprop(Workspace<P>& workspace, std::size_t i, RowRange rows,
                            UnitRange neurons) {
  LayerState& layer = layers_[i];
  batch_norm::normalize_back<T>(columns(workspace.delta(i, rows), neurons),
                                columns(row_range(layer.normalized, rows), neurons),
                                part(layer.factor, neurons), part(layer.mean_delta, neurons),
                                part(layer.mean_dot, neurons));
}

template <class P>
void BatchNorm<P>::update_running_statistics(Network<T>& network) const {
  const auto rows = static_cast<double>(batch_rows_);
  const auto move = [](T& running, double value) {
    running = static_cast<T>((1 - kMomentum) * static_cast<double>(running) + kMomentum * value);
  };
  for (std::size_t i = 0; i < layers_.size(); ++i)
    for (std::size_t j = 0; j < layers_[i].mean.size(); ++j) {
      move(network.running_mean(i)[j],
           static_cast<double>(layers_[i].mean[j]) + static_cast<double>(network.bias(i)[j]));
      move(network.running_variance(i)[j],
           static_cast<double>(layers_[i].variance[j]) * rows / (rows - 1));
    }
}

template <class T>
Network<T> fold_batch_norm(const Network<T>& network) {
  const Topology& topology = network.topology();
  Network<T> folded(Topology(topology.widths(), topology.activations()));
  for (std::size_t i = 0; i < network.layers(); ++i) {
    const bool normalized = i + 1 < network.layers();
    for (std::size_t j = 0; j < network.bias(i).size(); ++j) {
      double scale = 1, shift = 0;
      if (normalized) {
        scale = static_cast<double>(network.norm_weight(i)[j]) /
                std::sqrt(static_cast<double>(network.running_variance(i)[j]) + kEpsilon);
        shift = static_cast<double>(network.norm_bias(i)[j]) -
                scale * static_cast<double>(network.running_mean(i)[j]);
      }
      elementwise::axpby<T>(static_cast<T>(scale), network.weight(i).row(j), T(0),
                            folded.weight(i).row(j));
      folded.bias(i)[j] = static_cast<T>(scale * static_cast<double>(network.bias(i)[j]) + shift);
    }
  }
  return folded;
}

template class BatchNorm<Float32>;
template class BatchNorm<Bfloat16>;
template class BatchNorm<Float64>;
template Network<float> fold_batch_norm(const Network<float>&);
template Network<double> fold_batch_norm(const Network<double>&);

}  // namespace nabla
