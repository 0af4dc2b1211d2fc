// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/math/activation.h"
#include "nabla/model/cost.h"
#include "nabla/model/initialize.h"

namespace nabla {

/// The network that the user asked for; what it is trained on adds inputs and outputs.
struct NetworkOptions {
  /// Widths of the hidden layers, first to last, each at least 1; empty for none.
  std::vector<std::size_t> hidden = {30};
  /// Activations of the hidden layers: one for all of them, or one each. Not softmax.
  std::vector<Activation> activation = {Activation::kSigmoid};
  /// Activation of the output layer; unset: softmax for a classification, identity for a
  /// regression. Only sigmoid, softmax, tanh or identity.
  std::optional<Activation> output;
  /// Cost; unset: cross-entropy with sigmoid or softmax outputs, mse for a regression.
  std::optional<Cost> cost;
  /// Huber's δ, see CostFunction; above 0.
  double huber_delta = 1;
  /// How the weights start.
  Initializer init = Initializer::kAuto;
  /// How the biases start.
  BiasInitializer init_bias;
  /// Batch normalisation of each hidden layer, before its activation.
  bool batch_norm = false;
  /// A model file whose parameters are the start; empty: none.
  std::filesystem::path initial;
};

/// Layers and cost with every choice made.
struct NetworkPlan {
  std::vector<std::size_t> widths;      ///< inputs, hidden…, outputs
  std::vector<Activation> activations;  ///< one per layer of weights
  CostFunction cost;
  bool batch_norm;
};

/// Fills in what the options leave to the data. Throws ConfigError where they contradict each
/// other, naming the configuration key.
NetworkPlan plan_network(const NetworkOptions& options, std::size_t inputs, std::size_t outputs,
                         Task task);

}  // namespace nabla
