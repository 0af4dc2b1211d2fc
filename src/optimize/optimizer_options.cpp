// SPDX-License-Identifier: MIT
#include "nabla/optimize/optimizer_options.h"

#include <functional>
#include <string>
#include <vector>

#include "base/option_builders.h"
#include "data/source.h"
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
  const std::vector<std::string> tables =
      names_where(all_data_sources(), std::mem_fn(&DataSourceTraits::has_columns));
  // "auto" is adam for a table.
  const auto with_or_auto = [=](bool AlgorithmTraits::*has) {
    OptionCondition condition = with(has);
    condition.values.emplace_back("auto");
    return condition;
  };
  const auto is_given_or_table = {is_not(algorithm, {"auto"}), is("data.source", tables)};
  return {
      Row::choice(algorithm, &O::algorithm, with_auto<Algorithm>(all_algorithms()),
                  "The rule that moves the parameters, as PyTorch defines it; auto: adam for " +
                      join(tables, " and ") + ", else sgd."),
      Row::number("optimizer.momentum", &O::momentum, kDecay, "μ of momentum and nesterov.")
          .only_if({with(&AlgorithmTraits::has_momentum)}),
      Row::number("optimizer.beta1", &O::beta1, kDecay,
                  "Decay of the mean gradient of adam and adamw.")
          .only_if({with_or_auto(&AlgorithmTraits::has_betas)})
          .only_if(is_given_or_table),
      Row::number("optimizer.beta2", &O::beta2, kDecay,
                  "Decay of the mean squared gradient of adam and adamw.")
          .only_if({with_or_auto(&AlgorithmTraits::has_betas)})
          .only_if(is_given_or_table),
      Row::number("optimizer.epsilon", &O::epsilon, at_least(0),
                  "Added to the root of the squared gradient in adagrad, rmsprop, adam and adamw.")
          .only_if({with_or_auto(&AlgorithmTraits::has_epsilon)})
          .only_if(is_given_or_table),
      Row::number("optimizer.decay", &O::decay, kDecay,
                  "α, the decay of rmsprop's mean squared gradient.")
          .only_if({with(&AlgorithmTraits::has_decay)}),
      Row::number("optimizer.weight-decay", &O::weight_decay, at_least(0),
                  "adamw first takes learning rate · weight-decay of every weight.")
          .only_if({with(&AlgorithmTraits::has_weight_decay)}),
      Row::yes_no("optimizer.lazy", &O::lazy,
                  "Sparse rows: the weights of inputs without entries in a mini-batch stay as they "
                  "are, and so do the rule's numbers for them; penalties and weight decay do not "
                  "reach them."),
  };
}

}  // namespace

const OptionRows<OptimizerOptions>& optimizer_rows() {
  static const OptionRows<OptimizerOptions> kRows = make_optimizer_rows();
  return kRows;
}

void validate(const OptimizerOptions& options) { check_rows(optimizer_rows(), options); }

}  // namespace nabla
