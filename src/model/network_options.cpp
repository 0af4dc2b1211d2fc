// SPDX-License-Identifier: MIT
#include "nabla/model/network_options.h"

#include <string>

#include "nabla/base/error.h"

namespace nabla {

namespace {

std::vector<Activation> hidden_activations(const NetworkOptions& options) {
  const auto& given = options.activation;
  if (given.size() == options.hidden.size()) return given;
  if (given.size() == 1) return std::vector<Activation>(options.hidden.size(), given.front());
  throw ConfigError("network.activation: " + std::to_string(given.size()) + " activations for " +
                    std::to_string(options.hidden.size()) +
                    " hidden layers, expected one for all of them or one each");
}

Activation output_activation(const NetworkOptions& options, Task task) {
  const Activation fitting =
      task == Task::kClassification ? Activation::kSoftmax : Activation::kIdentity;
  const Activation output = options.output.value_or(fitting);
  if (task == Task::kRegression && traits_of(output).probabilities == Probabilities::kTogether)
    throw ConfigError("network.output: " + std::string(name_of(output)) +
                      " needs a classification, but the targets are values");
  return output;
}

CostFunction cost_for(const NetworkOptions& options, Activation output, Task task) {
  Cost cost = task == Task::kClassification ? Cost::kQuadratic : Cost::kMse;
  if (traits_of(output).probabilities != Probabilities::kNone) cost = Cost::kCrossEntropy;
  const CostFunction function(options.cost.value_or(cost), options.huber_delta);
  require_compatible(output, function);
  return function;
}

}  // namespace

NetworkPlan plan_network(const NetworkOptions& options, std::size_t inputs, std::size_t outputs,
                         Task task) {
  NetworkPlan plan;
  plan.widths.push_back(inputs);
  plan.widths.insert(plan.widths.end(), options.hidden.begin(), options.hidden.end());
  plan.widths.push_back(outputs);
  plan.activations = hidden_activations(options);
  const Activation output = output_activation(options, task);
  plan.activations.push_back(output);
  plan.cost = cost_for(options, output, task);
  plan.batch_norm = options.batch_norm && !options.hidden.empty();
  return plan;
}

}  // namespace nabla
