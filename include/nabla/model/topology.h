// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/model/activation.h"

namespace nabla {

/// Where one layer's parameters lie in the flat array, in elements.
struct Layer {
  std::size_t inputs;
  std::size_t outputs;
  std::size_t weight_offset;  ///< of the weights [outputs × inputs]
  std::size_t weight_stride;  ///< from one neuron's incoming weights to the next neuron's
  std::size_t bias_offset;    ///< of the biases [outputs]
  Activation activation;
};

/// The shapes of a multilayer perceptron and the place of every parameter in one flat array:
/// layer by layer, weights before biases, each on a 64-byte boundary. Immutable.
class Topology {
 public:
  /// widths = {inputs, hidden…, outputs}, at least two, all positive; one activation per layer,
  /// i.e. widths.size() − 1. Throws ConfigError otherwise, for softmax in a hidden layer
  /// and for an output layer's activation that is not for outputs.
  Topology(const std::vector<std::size_t>& widths, const std::vector<Activation>& activations);

  std::size_t inputs() const { return layers_.front().inputs; }
  std::size_t outputs() const { return layers_.back().outputs; }
  std::span<const Layer> layers() const { return layers_; }
  /// Elements of the flat array, with the padding between rows and layers.
  std::size_t storage() const { return storage_; }
  /// Weights and biases, without padding.
  std::size_t parameters() const;
  /// {inputs, hidden…, outputs}
  std::vector<std::size_t> widths() const;
  std::vector<Activation> activations() const;

 private:
  std::vector<Layer> layers_;
  std::size_t storage_ = 0;
};

}  // namespace nabla
