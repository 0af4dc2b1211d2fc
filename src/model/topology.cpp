// SPDX-License-Identifier: MIT
#include "nabla/model/topology.h"

#include <string>

#include "nabla/base/error.h"

#include "model/padding.h"

namespace nabla {

Topology::Topology(const std::vector<std::size_t>& widths,
                   const std::vector<Activation>& activations, bool batch_norm) {
  if (widths.size() < 2 || activations.size() + 1 != widths.size())
    throw ConfigError("network: " + std::to_string(widths.size()) + " widths and " +
                      std::to_string(activations.size()) +
                      " activations, expected at least two widths and one activation per layer");
  if (!traits_of(activations.back()).is_for_outputs)
    throw ConfigError("network.output",
                      std::string(name_of(activations.back())) +
                          " is for hidden layers only, expected " +
                          alternatives(kActivations, [](auto& row) { return row.is_for_outputs; }));
  for (std::size_t i = 0; i < activations.size(); ++i) {
    if (widths[i] == 0 || widths[i + 1] == 0)
      throw ConfigError("network: layer " + std::to_string(i) +
                        " has width 0, expected at least 1");
    if (!traits_of(activations[i]).is_for_hidden && i + 1 != activations.size())
      throw ConfigError("network.activation",
                        std::string(name_of(activations[i])) + " is for the output layer only");
    const bool has_norm = batch_norm && i + 1 < activations.size();
    layers_.push_back({.inputs = widths[i],
                       .outputs = widths[i + 1],
                       .weight_offset = 0,
                       .weight_stride = 0,
                       .bias_offset = 0,
                       .norm_weight_offset = 0,
                       .norm_bias_offset = 0,
                       .running_mean_offset = 0,
                       .running_variance_offset = 0,
                       .activation = activations[i],
                       .batch_norm = has_norm,
                       .input_major = false});
  }
  lay_out();
}

/// Gives all parameters their places.
void Topology::lay_out() {
  storage_ = 0;
  const auto take = [&](std::size_t elements) {
    const std::size_t offset = storage_;
    storage_ += elements;
    return offset;
  };
  for (Layer& layer : layers_) {
    const std::size_t rows = layer.input_major ? layer.inputs : layer.outputs;
    const std::size_t line = round_to_lines(layer.outputs);
    const std::size_t norm_line = layer.batch_norm ? line : 0;
    layer.weight_stride = padded_stride(layer.input_major ? layer.outputs : layer.inputs);
    layer.weight_offset = take(rows * layer.weight_stride);
    layer.bias_offset = take(line);
    layer.norm_weight_offset = take(norm_line);
    layer.norm_bias_offset = take(norm_line);
    layer.running_mean_offset = take(norm_line);
    layer.running_variance_offset = take(norm_line);
  }
}

Topology Topology::input_major() const {
  Topology result = *this;
  result.layers_.front().input_major = true;
  result.lay_out();
  return result;
}

std::size_t Topology::parameters() const {
  std::size_t count = 0;
  for (const Layer& layer : layers_)
    count += (layer.inputs + (layer.batch_norm ? 3 : 1)) * layer.outputs;
  return count;
}

std::vector<std::size_t> Topology::widths() const {
  std::vector<std::size_t> widths = {inputs()};
  for (const Layer& layer : layers_) widths.push_back(layer.outputs);
  return widths;
}

std::vector<Activation> Topology::activations() const {
  std::vector<Activation> activations;
  for (const Layer& layer : layers_) activations.push_back(layer.activation);
  return activations;
}

}  // namespace nabla
