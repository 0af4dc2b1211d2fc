// SPDX-License-Identifier: MIT
#include "nabla/optimize/optimizer_options.h"

#include <functional>

#include "base/option_builders.h"
#include "optimize/option_rows.h"

namespace nabla {

namespace {

OptionRows<OptimizerOptions> make_optimizer_rows() {
  using O = OptimizerOptions;
  using Row = OptionRow<O>;
  constexpr Interval kDecay = from_to_below(0, 1);
  const char* const algorithm = "optimizer.algorithm";
  const auto with = [=](bool AlgorithmTraits::*has) {
    return is(algorithm, names_where(all_algorithms(), std::mem_fn(has)));
  };
  return {
      Row::choice(algorithm, &O::algorithm, choices_of<Algorithm>(all_algorithms()),
                  "The rule that moves the parameters, as PyTorch defines it."),
      Row::number("optimizer.momentum", &O::momentum, kDecay, "μ of momentum and nesterov.")
          .only_if({with(&AlgorithmTraits::has_momentum)}),
      Row::number("optimizer.beta1", &O::beta1, kDecay,
                  "Decay of the mean gradient of adam and adamw.")
          .only_if({with(&AlgorithmTraits::has_betas)}),
      Row::number("optimizer.beta2", &O::beta2, kDecay,
                  "Decay of the mean squared gradient of adam and adamw.")
          .only_if({with(&AlgorithmTraits::has_betas)}),
      Row::number("optimizer.epsilon", &O::epsilon, at_least(0),
                  "Added to the root of the squared gradient in adagrad, rmsprop, adam and adamw.")
          .only_if({with(&AlgorithmTraits::has_epsilon)}),
      Row::number("optimizer.decay", &O::decay, kDecay,
                  "α, the decay of rmsprop's mean squared gradient.")
          .only_if({with(&AlgorithmTraits::has_decay)}),
      Row::number("optimizer.weight-decay", &O::weight_decay, at_least(0),
                  "adamw first takes learning rate · weight-decay of every weight.")
          .only_if({with(&AlgorithmTraits::has_weight_decay)}),
  };
}

}  // namespace

const OptionRows<OptimizerOptions>& optimizer_rows() {
  static const OptionRows<OptimizerOptions> kRows = make_optimizer_rows();
  return kRows;
}

void validate(const OptimizerOptions& options) { check_rows(optimizer_rows(), options); }

}  // namespace nabla
