// SPDX-License-Identifier: MIT
#include "nabla/model/cost.h"

#include <cmath>
#include <string>

#include "nabla/base/error.h"

namespace nabla {

void require_compatible(Activation output, const CostFunction& cost) {
  if (!(cost.huber_delta > 0 && std::isfinite(cost.huber_delta)))
    throw ConfigError("train.huber-delta", "expected a finite number above 0");
  const auto is_probability = [](const ActivationTraits& row) {
    return row.is_for_outputs && row.probabilities != Probabilities::kNone;
  };
  if (traits_of(cost.kind).needs_probabilities && !is_probability(traits_of(output)))
    throw ConfigError("train.cost", std::string(name_of(cost.kind)) + " needs network.output " +
                                        alternatives(kActivations, is_probability) + ", not " +
                                        std::string(name_of(output)));
}

}  // namespace nabla
