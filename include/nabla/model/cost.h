// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "nabla/model/activation.h"

namespace nabla {

/// The cost C of one row with outputs a and targets y, averaged over the rows of a mini-batch:
/// kQuadratic ½Σ(y−a)², kMse (1/outputs)Σ(y−a)², kCrossEntropy −Σ[y ln a + (1−y) ln(1−a)] with
/// sigmoid outputs and −Σ y ln a with softmax, both computed from the weighted inputs z, kHuber
/// (1/outputs)Σ h(y−a) with h(d) = ½d² where |d| ≤ δ and δ(|d| − ½δ) beyond (Huber 1964).
enum class Cost { kQuadratic, kMse, kCrossEntropy, kHuber };

/// The name used in configurations and model files: "quadratic", "mse", "cross-entropy",
/// "huber".
std::string_view name_of(Cost cost);
/// The cost of that name, if there is one.
std::optional<Cost> parse_cost(std::string_view name);

/// A cost with its parameter; a Cost alone is one with the default.
struct CostFunction {
  Cost kind = Cost::kCrossEntropy;
  /// Huber's δ, in the unit of the targets; above 0. Without effect on the other costs.
  double huber_delta = 1;

  CostFunction() = default;
  CostFunction(Cost cost, double delta = 1) : kind(cost), huber_delta(delta) {}
  bool operator==(const CostFunction&) const = default;
};

/// Throws ConfigError where the pair is not defined: cross-entropy needs sigmoid or softmax, and
/// Huber's δ is a finite number above 0.
void require_compatible(Activation output, const CostFunction& cost);

}  // namespace nabla
