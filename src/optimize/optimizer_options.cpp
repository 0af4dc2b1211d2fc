// SPDX-License-Identifier: MIT
#include "nabla/optimize/optimizer_options.h"

#include "base/option_builders.h"
#include "optimize/option_rows.h"

namespace nabla {

namespace {

OptionRows<OptimizerOptions> make_optimizer_rows() {
  using O = OptimizerOptions;
  using Row = OptionRow<O>;
  using enum Algorithm;
  constexpr Interval kDecay = from_to_below(0, 1);
  const char* const algorithm = "optimizer.algorithm";
  return {
      Row::choice(
          algorithm, &O::algorithm,
          choices_of<Algorithm>({kSgd, kMomentum, kNesterov, kAdagrad, kRmsprop, kAdam, kAdamw}),
          "The rule that moves the parameters, as PyTorch defines it."),
      Row::number("optimizer.momentum", &O::momentum, kDecay, "μ of momentum and nesterov.")
          .only_if({is(algorithm, {"momentum", "nesterov"})}),
      Row::number("optimizer.beta1", &O::beta1, kDecay,
                  "Decay of the mean gradient of adam and adamw.")
          .only_if({is(algorithm, {"adam", "adamw"})}),
      Row::number("optimizer.beta2", &O::beta2, kDecay,
                  "Decay of the mean squared gradient of adam and adamw.")
          .only_if({is(algorithm, {"adam", "adamw"})}),
      Row::number("optimizer.epsilon", &O::epsilon, at_least(0),
                  "Added to the root of the squared gradient in adagrad, rmsprop, adam and adamw.")
          .only_if({is(algorithm, {"adagrad", "rmsprop", "adam", "adamw"})}),
      Row::number("optimizer.decay", &O::decay, kDecay,
                  "α, the decay of rmsprop's mean squared gradient.")
          .only_if({is(algorithm, {"rmsprop"})}),
      Row::number("optimizer.weight-decay", &O::weight_decay, at_least(0),
                  "adamw first takes learning rate · weight-decay of every weight.")
          .only_if({is(algorithm, {"adamw"})}),
  };
}

}  // namespace

const OptionRows<OptimizerOptions>& optimizer_rows() {
  static const OptionRows<OptimizerOptions> kRows = make_optimizer_rows();
  return kRows;
}

void validate(const OptimizerOptions& options) { check_rows(optimizer_rows(), options); }

}  // namespace nabla
