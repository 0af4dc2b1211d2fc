// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/model/topology.h"

#include "model/safetensors.h"

namespace nabla {

/// The names in a file of the modules that hold a network's parameters: "layers.0" stands for the
/// tensors layers.0.weight and layers.0.bias.
struct TensorNames {
  std::vector<std::string> layers;  ///< one per layer
  /// One per hidden layer with batch normalisation, whose tensors are .weight, .bias, .running_mean
  /// and .running_var; else empty.
  std::vector<std::string> norms;
};

/// Returns the names in nabla's own files: layers.<i>, and norms.<i> for hidden layer i.
TensorNames own_names(const Topology& topology);

/// Returns the names that torch.nn.Sequential gives to its modules if each layer is a Linear and
/// all but the last are followed by a BatchNorm1d, if the network has batch normalisation, and an
/// activation: 0, 2, 4 without, layers 0, 3, 6 and norms 1, 4 with it.
TensorNames sequential_names(const Topology& topology);

/// Returns the names in the file of another program: the own ones if they are there, else those
/// that end in a number and have the rest in common, in the order of the numbers, as
/// torch.nn.Sequential gives them to its Linear and BatchNorm1d modules ("net.0", "net.2").
/// Throws DataError, which names the file and lists its tensors, if they are not as many as the
/// network has.
TensorNames find_names(const safetensors::File& file, const Topology& topology,
                       const std::string& name);

}  // namespace nabla
