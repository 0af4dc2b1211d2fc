// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "nabla/base/kinds.h"
#include "nabla/base/matrix.h"
#include "nabla/model/topology.h"

namespace nabla {

/// The types of a model's arithmetic.
enum class Precision {
  kFloat32,   ///< all in float
  kFloat64,   ///< all in double
  kBfloat16,  ///< products take operands rounded to bfloat16; all else in float
};

inline constexpr Named<Precision> kPrecisions[] = {
    {Precision::kFloat32, "float32"},
    {Precision::kFloat64, "float64"},
    {Precision::kBfloat16, "bfloat16"},
};
static_assert(is_complete(kPrecisions));

constexpr std::string_view name_of(Precision precision) {
  return row_of(kPrecisions, precision).name;
}

/// A multilayer perceptron: its topology and all its parameters in one flat array, and among them
/// the running statistics of batch normalisation, which no optimiser moves. A value; the padding
/// inside the array is always zero.
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

  /// Weights of layer i, [outputs × inputs], or [inputs × outputs] if it is input-major.
  MatrixView<T> weight(std::size_t i) { return weight_of(parameters_.data(), i); }
  MatrixView<const T> weight(std::size_t i) const { return weight_of(parameters_.data(), i); }
  /// Biases of layer i, [outputs].
  std::span<T> bias(std::size_t i) { return array(i, layer(i).bias_offset); }
  std::span<const T> bias(std::size_t i) const { return array(i, layer(i).bias_offset); }

  /// γ and β of layer i's batch normalisation, [outputs]; only if it has one.
  std::span<T> norm_weight(std::size_t i) { return array(i, layer(i).norm_weight_offset); }
  std::span<const T> norm_weight(std::size_t i) const {
    return array(i, layer(i).norm_weight_offset);
  }
  std::span<T> norm_bias(std::size_t i) { return array(i, layer(i).norm_bias_offset); }
  std::span<const T> norm_bias(std::size_t i) const { return array(i, layer(i).norm_bias_offset); }
  /// Running mean and variance of layer i's weighted inputs, [outputs]; only if it has batch
  /// normalisation.
  std::span<T> running_mean(std::size_t i) { return array(i, layer(i).running_mean_offset); }
  std::span<const T> running_mean(std::size_t i) const {
    return array(i, layer(i).running_mean_offset);
  }
  std::span<T> running_variance(std::size_t i) {
    return array(i, layer(i).running_variance_offset);
  }
  std::span<const T> running_variance(std::size_t i) const {
    return array(i, layer(i).running_variance_offset);
  }

 private:
  const Layer& layer(std::size_t i) const { return topology_.layers()[i]; }
  template <class U>
  MatrixView<U> weight_of(U* first, std::size_t i) const {
    const Layer& l = layer(i);
    return {first + l.weight_offset, l.input_major ? l.inputs : l.outputs,
            l.input_major ? l.outputs : l.inputs, l.weight_stride};
  }

  std::span<T> array(std::size_t i, std::size_t offset) {
    return {parameters_.data() + offset, layer(i).outputs};
  }
  std::span<const T> array(std::size_t i, std::size_t offset) const {
    return {parameters_.data() + offset, layer(i).outputs};
  }

  Topology topology_;
  AlignedArray<T> parameters_;
};

}  // namespace nabla
