// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

template <class Field>
Option fraction_option(std::string key, Field field, std::string meaning) {
  constexpr std::string_view kRange = "0 to below 1";
  return make_option(
      std::move(key), "number", std::string(kRange), std::move(meaning), field,
      [](std::string_view text) {
        const double value = parse_number(text, "a number from 0 to below 1");
        if (!(value >= 0 && value < 1))
          throw_bad_value(text, "is out of range", "a number from 0 to below 1");
        return value;
      },
      write_number<double>);
}

template <class Field>
Option not_negative_option(std::string key, Field field, std::string meaning) {
  return make_option(
      std::move(key), "number", "at least 0", std::move(meaning), field,
      [](std::string_view text) {
        const double value = parse_number(text, "a number of at least 0");
        if (value < 0) throw_bad_value(text, "is out of range", "a number of at least 0");
        return value;
      },
      write_number<double>);
}

}  // namespace

std::vector<Option> optimizer_section() {
  return {
      choice_option(
          "optimizer.algorithm", [](auto& o) -> auto& { return o.train.optimizer.algorithm; },
          choices_of<Algorithm>(all_algorithms()),
          "The rule that moves the parameters, as PyTorch defines it."),
      fraction_option(
          "optimizer.momentum", [](auto& o) -> auto& { return o.train.optimizer.momentum; },
          "μ of momentum and nesterov."),
      fraction_option(
          "optimizer.beta1", [](auto& o) -> auto& { return o.train.optimizer.beta1; },
          "Decay of the mean gradient of adam and adamw."),
      fraction_option(
          "optimizer.beta2", [](auto& o) -> auto& { return o.train.optimizer.beta2; },
          "Decay of the mean squared gradient of adam and adamw."),
      not_negative_option(
          "optimizer.epsilon", [](auto& o) -> auto& { return o.train.optimizer.epsilon; },
          "Added to the root of the squared gradient in adagrad, rmsprop, adam and adamw."),
      fraction_option(
          "optimizer.decay", [](auto& o) -> auto& { return o.train.optimizer.decay; },
          "α, the decay of rmsprop's mean squared gradient."),
      not_negative_option(
          "optimizer.weight-decay", [](auto& o) -> auto& { return o.train.optimizer.weight_decay; },
          "adamw first takes learning rate · weight-decay of every weight."),
  };
}

}  // namespace nabla
