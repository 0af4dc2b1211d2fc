// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "nabla/base/kinds.h"

namespace nabla {

/// The functions a = f(z) of a layer's weighted inputs z. src/math/elementwise_activations.h has
/// the kernels of those that are functions of one z each.
enum class Activation {
  kSigmoid,     ///< 1 / (1 + exp(−z))
  kSoftmax,     ///< exp(z_j) / Σ_k exp(z_k), over the units of the layer
  kTanh,        ///< tanh(z)
  kScaledTanh,  ///< 1.7159 tanh(2/3 z), whose values at ±1 are ±1 (LeCun et al. 1998)
  kRelu,        ///< max(z, 0)
  kLeakyRelu,   ///< z > 0 ? z : 0.01 z
  kElu,         ///< z > 0 ? z : exp(z) − 1
  kGelu,        ///< z Φ(z), Φ the normal distribution function itself (erf)
  kSilu,        ///< z / (1 + exp(−z)) (Elfwing et al. 2018)
  kSoftplus,    ///< ln(1 + exp(z))
  kIdentity,    ///< z
};

/// kScaledTanh is kScaledTanhHeight · tanh(kScaledTanhSlope · z). The constants of Y. LeCun et al.,
/// "Efficient BackProp" (1998), section 4.4, the height rounded to float, so that both types have
/// the same.
inline constexpr double kScaledTanhHeight = 1.7159F;
inline constexpr double kScaledTanhSlope = 2.0 / 3.0;

/// Which of a layer's outputs are probabilities.
enum class Probabilities {
  kNone,
  kEach,      ///< each output by itself, a function of its own z
  kTogether,  ///< the outputs of a row are one distribution, each a function of all z of the row
};

/// All that is known of an activation but its kernel.
struct ActivationTraits {
  Activation kind;
  std::string_view name;  ///< in configurations and model files
  bool is_for_hidden = true;
  bool is_for_outputs = false;
  /// Whether f' is computed from z, which is then kept; otherwise from a = f(z).
  bool needs_z = false;
  /// Whether f' or f'' jumps at z = 0.
  bool has_kink = false;
  /// n_in times the variance of the weights that Initializer::kAuto draws: 2 for rectifiers and
  /// those close to them (He et al. 2015), 1 for the others (LeCun et al. 1998).
  double weight_gain = 1;
  Probabilities probabilities = Probabilities::kNone;
  /// An output outside these bounds is one whose f' has nearly vanished.
  double saturated_below = -std::numeric_limits<double>::infinity();
  double saturated_above = std::numeric_limits<double>::infinity();

  constexpr bool is_elementwise() const { return probabilities != Probabilities::kTogether; }
};

inline constexpr ActivationTraits kActivations[] = {
    {.kind = Activation::kSigmoid,
     .name = "sigmoid",
     .is_for_outputs = true,
     .probabilities = Probabilities::kEach,
     .saturated_below = 0.01,
     .saturated_above = 0.99},
    {.kind = Activation::kSoftmax,
     .name = "softmax",
     .is_for_hidden = false,
     .is_for_outputs = true,
     .probabilities = Probabilities::kTogether},
    {.kind = Activation::kTanh,
     .name = "tanh",
     .is_for_outputs = true,
     .saturated_below = -0.98,
     .saturated_above = 0.98},
    {.kind = Activation::kScaledTanh,
     .name = "scaled-tanh",
     .saturated_below = -0.98 * kScaledTanhHeight,
     .saturated_above = 0.98 * kScaledTanhHeight},
    {.kind = Activation::kRelu, .name = "relu", .has_kink = true, .weight_gain = 2},
    {.kind = Activation::kLeakyRelu, .name = "leaky-relu", .has_kink = true, .weight_gain = 2},
    {.kind = Activation::kElu, .name = "elu", .has_kink = true, .weight_gain = 2},
    {.kind = Activation::kGelu, .name = "gelu", .needs_z = true, .weight_gain = 2},
    {.kind = Activation::kSilu, .name = "silu", .needs_z = true, .weight_gain = 2},
    {.kind = Activation::kSoftplus, .name = "softplus"},
    {.kind = Activation::kIdentity, .name = "identity", .is_for_outputs = true},
};
static_assert(is_complete(kActivations));

constexpr const ActivationTraits& traits_of(Activation activation) {
  return row_of(kActivations, activation);
}

inline constexpr auto kActivationKinds = kinds_of(kActivations);
/// All activations, in the order of the enumeration.
constexpr std::span<const Activation> all_activations() { return kActivationKinds; }

/// The name used in configurations and model files: "sigmoid", "softmax", …
constexpr std::string_view name_of(Activation activation) { return traits_of(activation).name; }
/// The activation of that name, if there is one.
constexpr std::optional<Activation> parse_activation(std::string_view name) {
  return find_kind(kActivations, name);
}

}  // namespace nabla
