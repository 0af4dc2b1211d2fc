// SPDX-License-Identifier: MIT
#include "nabla/model/cost.h"

#include <cmath>
#include <string>

#include "nabla/base/error.h"

#include "base/names.h"

namespace nabla {

namespace {

constexpr Named<Cost> kCostNames[] = {
    {Cost::kQuadratic, "quadratic"},
    {Cost::kMse, "mse"},
    {Cost::kCrossEntropy, "cross-entropy"},
    {Cost::kHuber, "huber"},
};

}  // namespace

std::string_view name_of(Cost cost) { return find_name(kCostNames, cost); }

std::optional<Cost> parse_cost(std::string_view name) { return find_value(kCostNames, name); }

void require_compatible(Activation output, const CostFunction& cost) {
  if (!(cost.huber_delta > 0 && std::isfinite(cost.huber_delta)))
    throw ConfigError("train.huber-delta", "expected a finite number above 0");
  if (cost.kind == Cost::kCrossEntropy && output != Activation::kSigmoid &&
      output != Activation::kSoftmax)
    throw ConfigError("train.cost", "cross-entropy needs network.output sigmoid or softmax, not " +
                                        std::string(name_of(output)));
}

}  // namespace nabla
