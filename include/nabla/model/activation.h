// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "nabla/math/elementwise.h"

namespace nabla {

/// What a layer applies to its weighted inputs z, see elementwise::Function. The output layer has
/// kIdentity, kSigmoid, kTanh or kSoftmax, which no hidden layer has.
enum class Activation {
  kIdentity,
  kSigmoid,
  kTanh,
  kRelu,
  kLeakyRelu,
  kElu,
  kGelu,
  kSoftplus,
  kSoftmax
};

/// The name used in configurations and model files: "identity", "sigmoid", …
std::string_view name_of(Activation activation);
/// The activation of that name, if there is one.
std::optional<Activation> parse_activation(std::string_view name);

/// Whether an output layer may have it.
bool is_for_outputs(Activation activation);

/// Whether f' is a function of the weighted inputs z alone and cannot be had from a = f(z).
bool needs_weighted_inputs(Activation activation);

/// The elementwise kernel of an activation other than softmax.
elementwise::Function function_of(Activation activation);

}  // namespace nabla
