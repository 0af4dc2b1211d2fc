// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// Batch normalisation of the hidden layers' weighted inputs, before its activation, over the
/// whole mini-batch (Ioffe and Szegedy 2015): x̂ = (z − mean)/√(variance + 1e-5), y = γ x̂ + β. Holds
/// what training keeps of one mini-batch. Every sum over the rows is made in two parts: for each
/// shard by itself, then over the shards in ascending order, so that shards can be tasks. Functions
/// with `neurons` may run at the same time for other rows and for other neurons of the same layer.
///
/// As the mean takes a layer's bias out again, z is held without it, its nabla is exactly 0, and
/// only the running mean has it.
template <class P>
class BatchNorm {
  using T = SumOf<P>;

 public:
  /// For mini-batches of up to `rows` rows in `shards` shards.
  BatchNorm(const Topology& topology, std::size_t rows, std::size_t shards);

  /// Bytes that it takes.
  static double bytes(const Topology& topology, std::size_t rows, std::size_t shards);

  /// The layers that are normalised: all hidden ones, or none if the topology says so.
  std::size_t layers() const { return layers_.size(); }

  /// z of layer i for a shard's rows, and its moments.
  void feed(const Network<T>& network, Workspace<P>& workspace, std::size_t i, std::size_t shard,
            RowRange rows, UnitRange neurons);
  /// The moments of layer i, each with a row for each shard.
  std::array<Matrix<T>*, 2> shard_moments(std::size_t i) {
    return {&layers_[i].shard_means, &layers_[i].shard_square_distances};
  }
  /// Mean and variance of layer i over the shards, which have these rows.
  void combine_moments(std::size_t i, std::span<const RowRange> shards);
  /// a^{i+1} = f(γ x̂ + β).
  void normalize(const Network<T>& network, Workspace<P>& workspace, std::size_t i, RowRange rows,
                 UnitRange neurons);

  /// From ∂C/∂y in the workspace's δ of layer i, a shard's part of the nabla of γ and β.
  void take_sums(Workspace<P>& workspace, std::size_t i, std::size_t shard, RowRange rows,
                 UnitRange neurons);
  /// The parts of layer i, each with a row for each shard.
  std::array<Matrix<T>*, 2> shard_sums(std::size_t i) {
    return {&layers_[i].shard_sums, &layers_[i].shard_dots};
  }
  /// The nabla of γ and β of layer i over `shards` shards.
  void combine_sums(const Network<T>& network, std::size_t i, std::size_t shards);
  /// δ of layer i, ∂C/∂z, in place of ∂C/∂y.
  void backprop(Workspace<P>& workspace, std::size_t i, RowRange rows, UnitRange neurons);

  /// The sums over the mini-batch's rows of the nabla of γ and β of layer i.
  std::span<const T> nabla_weight(std::size_t i) const { return layers_[i].dots.span(); }
  std::span<const T> nabla_bias(std::size_t i) const { return layers_[i].sums.span(); }

  /// Moves the running statistics of all layers a tenth towards the mini-batch's; the variance is
  /// the unbiased one.
  void update_running_statistics(Network<T>& network) const;

 private:
  struct LayerState {
    Matrix<T> normalized;   ///< z, then x̂; [rows × outputs]
    Matrix<T> shard_means;  ///< [shards × outputs], as all matrices of shards
    Matrix<T> shard_square_distances;
    Matrix<T> shard_sums;
    Matrix<T> shard_dots;
    AlignedArray<T> mean;      ///< [outputs], as all arrays
    AlignedArray<T> variance;  ///< over the rows themselves (biased)
    AlignedArray<T> inverse_deviation;
    AlignedArray<T> sums;  ///< Σ ∂C/∂y
    AlignedArray<T> dots;  ///< Σ ∂C/∂y · x̂
    AlignedArray<T> mean_delta;
    AlignedArray<T> mean_dot;
    AlignedArray<T> factor;  ///< γ / √(variance + ε)
  };

  std::vector<LayerState> layers_;
  std::size_t batch_rows_ = 0;
};

/// The network that predicts what one with batch normalisation does by its running statistics, as
/// a plain one: weights and biases take them in.
template <class T>
Network<T> fold_batch_norm(const Network<T>& network);

}  // namespace nabla
