// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/math/activation.h"

namespace nabla {

/// Where one layer's parameters lie in the flat array, in elements.
struct Layer {
  std::size_t inputs;
  std::size_t outputs;
  std::size_t weight_offset;  ///< of the weights [outputs × inputs], see input_major
  std::size_t weight_stride;  ///< from one row of the weights to the next
  std::size_t bias_offset;    ///< of the biases [outputs]
  /// The offsets of batch normalisation's γ, β, running mean and running variance, [outputs] each;
  /// the same as the end of the biases if the layer has none.
  std::size_t norm_weight_offset;
  std::size_t norm_bias_offset;
  std::size_t running_mean_offset;
  std::size_t running_variance_offset;
  Activation activation;
  bool batch_norm;   ///< between the weighted inputs and the activation
  bool input_major;  ///< the weights are kept as [inputs × outputs], see Topology::input_major
};

/// The shapes of a multilayer perceptron and the place of every parameter in one flat array:
/// layer by layer, weights before biases before batch normalisation, each on a 64-byte boundary.
/// Immutable.
class Topology {
 public:
  /// widths = {inputs, hidden…, outputs}, at least two, all positive; one activation per layer,
  /// i.e. widths.size() − 1. With `batch_norm` each hidden layer has batch normalisation. Throws
  /// ConfigError otherwise, for softmax in a hidden layer and for an output layer's activation that
  /// is not for outputs.
  Topology(const std::vector<std::size_t>& widths, const std::vector<Activation>& activations,
           bool batch_norm = false);

  /// The same shapes with the weights of the first layer as [inputs × outputs], so that those of
  /// one input lie together, which trainings on sparse rows work on. Model files, and all else that
  /// is given to a user, never have them so.
  Topology input_major() const;

  std::size_t inputs() const { return layers_.front().inputs; }
  std::size_t outputs() const { return layers_.back().outputs; }
  std::span<const Layer> layers() const { return layers_; }
  /// Elements of the flat array, with the padding between rows and layers.
  std::size_t storage() const { return storage_; }
  /// Whether the hidden layers have batch normalisation.
  bool batch_norm() const { return layers_.front().batch_norm; }
  /// Weights and biases, those of batch normalisation too, without padding.
  std::size_t parameters() const;
  /// {inputs, hidden…, outputs}
  std::vector<std::size_t> widths() const;
  std::vector<Activation> activations() const;

 private:
  void lay_out();

  std::vector<Layer> layers_;
  std::size_t storage_ = 0;
};

}  // namespace nabla
