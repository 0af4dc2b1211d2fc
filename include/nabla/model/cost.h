// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "nabla/base/kinds.h"
#include "nabla/math/activation.h"

namespace nabla {

/// The cost C of one row with outputs a and targets y, averaged over the rows of a mini-batch:
/// kQuadratic ½Σ(y−a)², kMse (1/outputs)Σ(y−a)², kCrossEntropy −Σ[y ln a + (1−y) ln(1−a)] with
/// sigmoid outputs and −Σ y ln a with softmax, both computed from the weighted inputs z, kHuber
/// (1/outputs)Σ h(y−a) with h(d) = ½d² for |d| ≤ δ and δ(|d| − ½δ) beyond (Huber 1964).
enum class Cost { kQuadratic, kMse, kCrossEntropy, kHuber };

/// All that is known of a cost but its formula, which is in src/model/output_layer.cpp.
struct CostTraits {
  Cost kind;
  std::string_view name;  ///< in configurations and model files
  /// Whether it is defined only for outputs that are probabilities and targets from 0 to 1.
  bool needs_probabilities = false;
  /// Whether it has Huber's δ; its second derivative jumps at |y − a| = δ.
  bool has_delta = false;
};

inline constexpr CostTraits kCosts[] = {
    {.kind = Cost::kQuadratic, .name = "quadratic"},
    {.kind = Cost::kMse, .name = "mse"},
    {.kind = Cost::kCrossEntropy, .name = "cross-entropy", .needs_probabilities = true},
    {.kind = Cost::kHuber, .name = "huber", .has_delta = true},
};
static_assert(is_complete(kCosts));

constexpr const CostTraits& traits_of(Cost cost) { return row_of(kCosts, cost); }

inline constexpr auto kCostKinds = kinds_of(kCosts);
/// All costs, in the order of the enumeration.
constexpr std::span<const Cost> all_costs() { return kCostKinds; }

/// The name used in configurations and model files: "quadratic", "mse", …
constexpr std::string_view name_of(Cost cost) { return traits_of(cost).name; }
/// The cost of that name, if there is one.
constexpr std::optional<Cost> parse_cost(std::string_view name) { return find_kind(kCosts, name); }

/// A cost with its parameter; a Cost alone is one with the default.
struct CostFunction {
  Cost kind = Cost::kCrossEntropy;
  /// Huber's δ, in the unit of the targets; above 0. Without effect on the other costs.
  double huber_delta = 1;

  CostFunction() = default;
  CostFunction(Cost cost, double delta = 1) : kind(cost), huber_delta(delta) {}
  bool operator==(const CostFunction&) const = default;
};

/// Throws ConfigError if the pair is not defined: a cost that needs probabilities with outputs that
/// are not, or a Huber's δ that is not a finite number above 0.
void require_compatible(Activation output, const CostFunction& cost);

}  // namespace nabla
