// SPDX-License-Identifier: MIT
#include "nabla/model/cost.h"

#include <string>

#include "nabla/base/error.h"

#include "base/names.h"

namespace nabla {

namespace {

constexpr Named<Cost> kNames[] = {
    {Cost::kQuadratic, "quadratic"},
    {Cost::kMse, "mse"},
    {Cost::kCrossEntropy, "cross-entropy"},
};

}  // namespace

std::string_view name_of(Cost cost) { return find_name(kNames, cost); }

std::optional<Cost> parse_cost(std::string_view name) { return find_value(kNames, name); }

void require_compatible(Activation output, Cost cost) {
  if (cost == Cost::kCrossEntropy && output != Activation::kSigmoid &&
      output != Activation::kSoftmax)
    throw ConfigError("train.cost: cross-entropy needs network.output sigmoid or softmax, not " +
                      std::string(name_of(output)));
}

}  // namespace nabla
