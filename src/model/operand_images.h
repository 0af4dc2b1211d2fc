// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/model/topology.h"

#include "base/row_range.h"
#include "math/elementwise.h"
#include "math/precision.h"
#include "model/padding.h"
#include "model/units.h"

namespace nabla {

/// The operands of a training's products: the activations, deltas and weights themselves, given as
/// views. There are no images of them.
template <class P>
class OperandImages {
  using T = SumOf<P>;

 public:
  OperandImages(const Topology&, std::size_t) {}

  static double bytes(const Topology&, std::size_t) { return 0; }

  MatrixView<const T> activation(std::size_t, MatrixView<const T> a, RowRange rows) const {
    return a.row_range(rows.first, rows.count);
  }
  MatrixView<const T> delta(std::size_t, MatrixView<const T> delta, RowRange rows) const {
    return delta.row_range(rows.first, rows.count);
  }
  MatrixView<const T> weight(std::size_t, MatrixView<const T> weight) const { return weight; }

  void round_activation(std::size_t, MatrixView<const T>, RowRange, UnitRange) {}
  void round_delta(std::size_t, MatrixView<const T>, RowRange, UnitRange) {}
  void round_weight(MatrixView<const T>, const Tile&) {}
};

/// Images of all three, rounded to bfloat16, in matrices of the same shapes.
template <>
class OperandImages<Bfloat16> {
  using Image = Matrix<bfloat16_t>;

 public:
  /// Of mini-batches of `rows` rows; zero.
  OperandImages(const Topology& topology, std::size_t rows) {
    for (const Layer& layer : topology.layers()) {
      // The products of sparse rows round their operands themselves.
      const std::size_t inputs = layer.input_major ? 0 : layer.inputs;
      activations_.push_back(make_image(rows, inputs));
      deltas_.push_back(make_image(rows, layer.outputs));
      weights_.push_back(make_image(layer.outputs, inputs));
    }
  }

  /// Bytes that they take.
  static double bytes(const Topology& topology, std::size_t rows) {
    double elements = 0;
    for (const Layer& layer : topology.layers()) {
      const std::size_t inputs = layer.input_major ? 0 : padded_stride(layer.inputs, kImageLine);
      elements += static_cast<double>(rows * (inputs + padded_stride(layer.outputs, kImageLine)) +
                                      layer.outputs * inputs);
    }
    return elements * sizeof(bfloat16_t);
  }

  /// Rows of a^i, i below the number of layers, whose activations need not be given.
  MatrixView<const bfloat16_t> activation(std::size_t i, MatrixView<const float>,
                                          RowRange rows) const {
    return activations_[i].view().row_range(rows.first, rows.count);
  }
  /// Rows of a^0, to be filled.
  MatrixView<bfloat16_t> inputs(RowRange rows) {
    return activations_.front().view().row_range(rows.first, rows.count);
  }
  /// Rows of layer i's δ.
  MatrixView<const bfloat16_t> delta(std::size_t i, MatrixView<const float>, RowRange rows) const {
    return deltas_[i].view().row_range(rows.first, rows.count);
  }
  /// Layer i's weights.
  MatrixView<const bfloat16_t> weight(std::size_t i, MatrixView<const float>) const {
    return weights_[i].view();
  }

  /// Makes the images of some units of a^i for some rows, whose activations these are.
  void round_activation(std::size_t i, MatrixView<const float> a, RowRange rows, UnitRange units) {
    elementwise::round_to_bfloat16(columns(a, units), part(activations_[i], rows, units));
  }
  /// The same for δ of layer i.
  void round_delta(std::size_t i, MatrixView<const float> delta, RowRange rows, UnitRange units) {
    elementwise::round_to_bfloat16(columns(delta, units), part(deltas_[i], rows, units));
  }
  /// The same for a tile of its layer's weights.
  void round_weight(MatrixView<const float> weight, const Tile& tile) {
    const RowRange neurons{tile.neurons.first, tile.neurons.count};
    elementwise::round_to_bfloat16(
        columns(weight.row_range(neurons.first, neurons.count), tile.inputs),
        part(weights_[tile.layer], neurons, tile.inputs));
  }

 private:
  static Image make_image(std::size_t rows, std::size_t cols) {
    return Image(rows, cols, padded_stride(cols, kImageLine));
  }
  static MatrixView<bfloat16_t> part(Image& image, RowRange rows, UnitRange units) {
    return columns(image.view().row_range(rows.first, rows.count), units);
  }

  std::vector<Image> activations_;
  std::vector<Image> deltas_;
  std::vector<Image> weights_;
};

}  // namespace nabla
