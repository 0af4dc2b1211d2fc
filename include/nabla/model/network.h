// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <utility>

#include "nabla/base/matrix.h"
#include "nabla/model/topology.h"

namespace nabla {

/// A multilayer perceptron: its topology and all its parameters in one flat array. A value; the
/// padding inside the array is always zero.
template <class T>
class Network {
 public:
  /// All parameters zero.
  explicit Network(Topology topology)
      : topology_(std::move(topology)), parameters_(topology_.storage()) {}

  const Topology& topology() const { return topology_; }
  std::size_t layers() const { return topology_.layers().size(); }

  /// The whole flat array, padding included.
  std::span<T> parameters() { return parameters_.span(); }
  std::span<const T> parameters() const { return parameters_.span(); }

  /// Weights of layer i, [outputs × inputs].
  MatrixView<T> weight(std::size_t i) { return weight_of(parameters_.data(), i); }
  MatrixView<const T> weight(std::size_t i) const { return weight_of(parameters_.data(), i); }
  /// Biases of layer i, [outputs].
  std::span<T> bias(std::size_t i) {
    return {parameters_.data() + layer(i).bias_offset, layer(i).outputs};
  }
  std::span<const T> bias(std::size_t i) const {
    return {parameters_.data() + layer(i).bias_offset, layer(i).outputs};
  }

 private:
  const Layer& layer(std::size_t i) const { return topology_.layers()[i]; }
  template <class U>
  MatrixView<U> weight_of(U* first, std::size_t i) const {
    const Layer& l = layer(i);
    return {first + l.weight_offset, l.outputs, l.inputs, l.weight_stride};
  }

  Topology topology_;
  AlignedArray<T> parameters_;
};

}  // namespace nabla
