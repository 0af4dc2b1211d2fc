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

/// The network that the user asks for; the data add inputs and outputs.
struct NetworkOptions {
  /// Widths of the hidden layers, first to last, each at least 1; empty for none.
  std::vector<std::size_t> hidden = {100};
  /// Activations of the hidden layers: one for all of them, or one each. Not softmax.
  std::vector<Activation> activation = {Activation::kRelu};
  /// Activation of the output layer; unset: softmax for a classification, identity for a
  /// regression. Only sigmoid, softmax, tanh or identity.
  std::optional<Activation> output = {};
  /// How the weights start.
  Initializer init = Initializer::kAuto;
  /// How the biases start.
  BiasInitializer init_bias = {};
  /// A model file whose parameters are the start; empty: none.
  std::filesystem::path initial = {};
  /// Fraction of each hidden layer's units left out in training, 0 to below 1: one for all of them,
  /// or one each.
  std::vector<double> dropout = {0};
  /// Fraction of the inputs left out in training, 0 to below 1.
  double input_dropout = 0;
  /// Batch normalisation of each hidden layer, before its activation.
  bool batch_norm = false;
};

/// Throws ConfigError naming the first key that is out of range or contradicts another.
void validate(const NetworkOptions& options);

/// Layers with every choice made.
struct NetworkPlan {
  std::vector<std::size_t> widths;      ///< inputs, hidden…, outputs
  std::vector<Activation> activations;  ///< one per layer of weights
  CostFunction cost;                    ///< the one that fits outputs and task
  std::vector<double> dropout;          ///< Model::dropout
  bool batch_norm;
};

/// Fills in the choices that the options leave to the data. Throws as validate does, and
/// ConfigError if the outputs contradict the task.
NetworkPlan plan_network(const NetworkOptions& options, std::size_t inputs, std::size_t outputs,
                         Task task);

}  // namespace nabla
