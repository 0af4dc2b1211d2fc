// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "nabla/model/activation.h"

namespace nabla {

/// The cost C of one row with outputs a and targets y, averaged over the rows of a mini-batch:
/// kQuadratic ½Σ(y−a)², kMse (1/outputs)Σ(y−a)², kCrossEntropy −Σ[y ln a + (1−y) ln(1−a)] with
/// sigmoid outputs and −Σ y ln a with softmax, both computed from the weighted inputs z.
enum class Cost { kQuadratic, kMse, kCrossEntropy };

/// The name used in configurations and model files: "quadratic", "mse", "cross-entropy".
std::string_view name_of(Cost cost);
/// The cost of that name, if there is one.
std::optional<Cost> parse_cost(std::string_view name);

/// Throws ConfigError where the pair is not defined: cross-entropy needs sigmoid or softmax.
void require_compatible(Activation output, Cost cost);

}  // namespace nabla
