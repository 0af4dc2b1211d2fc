// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/model/network.h"
#include "nabla/model/topology.h"

#include "base/row_range.h"
#include "math/precision.h"
#include "model/inputs.h"
#include "model/operand_images.h"
#include "model/padding.h"
#include "model/sparse_inputs.h"
#include "model/units.h"

namespace nabla {

/// Everything that feedforward and backprop write for one mini-batch: activations, deltas,
/// targets and what each row cost. Allocated once; a shard is a range of its rows, and passes over
/// disjoint ranges may run at the same time. In mixed precision it has an image of each operand of
/// a product, which the task that has computed the operand makes by the round functions. In the
/// others those do nothing, and the numbers themselves are the operands. The inputs have no other
/// readers than products, so that in mixed precision a^0 is an image alone. If the topology's first
/// layer is input-major, the inputs are sparse_inputs and there is no a^0.
template <class P>
class Workspace {
  using T = SumOf<P>;

 public:
  /// `weighted`: with a weight for each row. `entries`: those of all sparse inputs at most.
  Workspace(const Topology& topology, std::size_t rows, bool weighted = false,
            std::size_t entries = 0);

  /// Bytes that it takes.
  static double bytes(const Topology& topology, std::size_t rows, bool weighted = false,
                      std::size_t entries = 0);

  std::size_t rows() const { return targets_.rows(); }

  /// a^0, to be filled; [rows × inputs].
  MatrixView<OperandOf<P>> dense_inputs(RowRange rows) {
    if constexpr (kHasImages<P>)
      return images_.inputs(rows);
    else
      return activation(0, rows);
  }
  /// Activations a^1 … a^L, each layer's outputs; [rows × width].
  MatrixView<T> activation(std::size_t i, RowRange rows) {
    return activations_[i].view().row_range(rows.first, rows.count);
  }
  /// Whether the inputs are entries.
  bool is_sparse() const { return is_sparse_; }
  /// The inputs of an input-major first layer.
  SparseInputs<T>& sparse_inputs() { return sparse_inputs_; }
  /// So many inputs at a time meet all rows, so that their weights are read from a near cache; 0:
  /// all.
  std::size_t sparse_block() const { return sparse_block_; }
  void set_sparse_block(std::size_t inputs) { sparse_block_ = inputs; }
  /// An input-major first layer's weights count this many times themselves.
  T weight_factor() const { return weight_factor_; }
  void set_weight_factor(T factor) { weight_factor_ = factor; }

  /// The inputs of layer i (from 0), a^i times its scale. Products read a^0 through these alone.
  Inputs<P> inputs(std::size_t i, RowRange rows) { return {activation_operand(i, rows), scale(i)}; }
  /// a^i as an operand of products, i below the number of layers.
  MatrixView<const OperandOf<P>> activation_operand(std::size_t i, RowRange rows) {
    return images_.activation(i, activations_[i].view(), rows);
  }
  /// a^i counts this many times itself: more than once if some of its units are dropped.
  T scale(std::size_t i) const { return scales_[i]; }
  void set_scale(std::size_t i, T scale) { scales_[i] = scale; }
  /// Weighted inputs z of hidden layer i (from 0), bias included; [rows × outputs]. Only if its
  /// activation needs z, else there are none.
  MatrixView<T> weighted_input(std::size_t i, RowRange rows) {
    return weighted_inputs_[i].view().row_range(rows.first, rows.count);
  }
  /// Errors δ of layer i (from 0): the derivative of the cost by its weighted inputs;
  /// [rows × outputs].
  MatrixView<T> delta(std::size_t i, RowRange rows) {
    return deltas_[i].view().row_range(rows.first, rows.count);
  }
  /// The same as an operand of products.
  MatrixView<const OperandOf<P>> delta_operand(std::size_t i, RowRange rows) {
    return images_.delta(i, deltas_[i].view(), rows);
  }
  /// The weights of layer i of the network whose weights were rounded last, as an operand.
  MatrixView<const OperandOf<P>> weight_operand(const Network<ParameterOf<P>>& network,
                                                std::size_t i) const {
    return images_.weight(i, network.weight(i));
  }

  /// Makes the images of some units of a^i, i below the number of layers, for some rows.
  void round_activation(std::size_t i, RowRange rows, UnitRange units) {
    images_.round_activation(i, activation(i, rows), rows, units);
  }
  /// The same for δ of layer i.
  void round_delta(std::size_t i, RowRange rows, UnitRange units) {
    images_.round_delta(i, delta(i, rows), rows, units);
  }
  /// Makes the images of all weights.
  void round_weights(const Network<ParameterOf<P>>& network) {
    for (std::size_t i = 0; i < network.layers(); ++i)
      round_weights(network, {i, {0, network.weight(i).rows}, {0, network.weight(i).cols}});
  }
  /// Makes the image of a tile; may run at the same time for others.
  void round_weights(const Network<ParameterOf<P>>& network, const Tile& tile) {
    if (!network.topology().layers()[tile.layer].input_major)
      images_.round_weight(network.weight(tile.layer), tile);
  }

  /// Targets y, [rows × outputs].
  MatrixView<T> target(RowRange rows) { return targets_.view().row_range(rows.first, rows.count); }
  /// How much each row counts; empty if all count the same.
  std::span<double> weight(RowRange rows) {
    return weights_.empty() ? std::span<double>()
                            : std::span(weights_).subspan(rows.first, rows.count);
  }
  /// The cost of each row, times its weight.
  std::span<double> cost(RowRange rows) {
    return std::span(costs_).subspan(rows.first, rows.count);
  }
  /// How far each row is from right: for a classification 1 if the largest output is not the
  /// label and else 0, for a regression Σ_j(y_j−a_j)² in the unit of the targets.
  std::span<double> misfit(RowRange rows) {
    return std::span(misfits_).subspan(rows.first, rows.count);
  }

 private:
  /// Whether a^0 is a matrix in T.
  static bool keeps_inputs(const Topology& topology) {
    return !kHasImages<P> && !topology.layers().front().input_major;
  }

  bool is_sparse_;
  std::vector<Matrix<T>> activations_;  ///< that of the inputs is empty if it is not kept
  SparseInputs<T> sparse_inputs_;
  T weight_factor_ = 1;
  std::size_t sparse_block_ = 0;
  std::vector<T> scales_;
  std::vector<Matrix<T>> weighted_inputs_;  ///< empty matrices if not needed
  std::vector<Matrix<T>> deltas_;
  Matrix<T> targets_;
  std::vector<double> weights_;  ///< empty: none
  std::vector<double> costs_;
  std::vector<double> misfits_;
  OperandImages<P> images_;
};

template <class P>
Workspace<P>::Workspace(const Topology& topology, std::size_t rows, bool weighted,
                        std::size_t entries)
    : is_sparse_(topology.layers().front().input_major),
      scales_(topology.layers().size() + 1, T(1)),
      targets_(rows, topology.outputs(), padded_stride(topology.outputs())),
      weights_(weighted ? rows : 0),
      costs_(rows),
      misfits_(rows),
      images_(topology, rows) {
  if (is_sparse_) sparse_inputs_ = SparseInputs<T>(rows, entries);
  if (keeps_inputs(topology))
    activations_.emplace_back(rows, topology.inputs(), padded_stride(topology.inputs()));
  else
    activations_.emplace_back();
  for (const Layer& layer : topology.layers()) {
    activations_.emplace_back(rows, layer.outputs, padded_stride(layer.outputs));
    deltas_.emplace_back(rows, layer.outputs, padded_stride(layer.outputs));
    weighted_inputs_.push_back(traits_of(layer.activation).needs_z
                                   ? Matrix<T>(rows, layer.outputs, padded_stride(layer.outputs))
                                   : Matrix<T>());
  }
}

template <class P>
double Workspace<P>::bytes(const Topology& topology, std::size_t rows, bool weighted,
                           std::size_t entries) {
  const bool is_sparse = topology.layers().front().input_major;
  std::size_t row = (keeps_inputs(topology) ? padded_stride(topology.inputs()) : 0) +
                    padded_stride(topology.outputs());
  for (const Layer& layer : topology.layers())
    row += padded_stride(layer.outputs) * (traits_of(layer.activation).needs_z ? 3 : 2);
  const std::size_t doubles = weighted ? 3 : 2;
  return static_cast<double>(rows) *
             static_cast<double>(row * sizeof(T) + doubles * sizeof(double)) +
         OperandImages<P>::bytes(topology, rows) +
         (is_sparse ? SparseInputs<T>::bytes(rows, entries) : 0);
}

}  // namespace nabla
