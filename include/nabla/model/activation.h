// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "nabla/math/elementwise.h"

namespace nabla {

/// What a layer applies to its weighted inputs z. kSoftmax is for the output layer only.
enum class Activation { kIdentity, kSigmoid, kTanh, kRelu, kSoftmax };

/// The name used in configurations and model files: "identity", "sigmoid", …
std::string_view name_of(Activation activation);
/// The activation of that name, if there is one.
std::optional<Activation> parse_activation(std::string_view name);

/// The elementwise kernel of an activation other than softmax.
elementwise::Function function_of(Activation activation);

}  // namespace nabla
