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
    throw ConfigError("network.output: " + std::string(name_of(activations.back())) +
                      " is for hidden layers only, expected " +
                      alternatives(kActivations, [](auto& row) { return row.is_for_outputs; }));
  for (std::size_t i = 0; i < activations.size(); ++i) {
    if (widths[i] == 0 || widths[i + 1] == 0)
      throw ConfigError("network: layer " + std::to_string(i) +
                        " has width 0, expected at least 1");
    if (!traits_of(activations[i]).is_for_hidden && i + 1 != activations.size())
      throw ConfigError("network.activation: " + std::string(name_of(activations[i])) +
                        " is for the output layer only");
    const bool has_norm = batch_norm && i + 1 < activations.size();
    const auto take = [&](std::size_t elements) {
      const std::size_t offset = storage_;
      storage_ += elements;
      return offset;
    };
    const std::size_t stride = padded_stride(widths[i]), line = round_to_lines(widths[i + 1]);
    const std::size_t norm_line = has_norm ? line : 0;
    const Layer layer{.inputs = widths[i],
                      .outputs = widths[i + 1],
                      .weight_offset = take(widths[i + 1] * stride),
                      .weight_stride = stride,
                      .bias_offset = take(line),
                      .norm_weight_offset = take(norm_line),
                      .norm_bias_offset = take(norm_line),
                      .running_mean_offset = take(norm_line),
                      .running_variance_offset = take(norm_line),
                      .activation = activations[i],
                      .batch_norm = has_norm};
    layers_.push_back(layer);
  }
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
