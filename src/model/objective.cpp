// SPDX-License-Identifier: MIT
#include "model/objective.h"

#include <string>

#include "nabla/base/error.h"

#include "data/option_rows.h"

namespace nabla {

LabelSmoothing label_smoothing(double amount, Activation output, Task task, std::size_t outputs) {
  if (amount == 0) return {};
  require_smoothable(output, task);
  if (traits_of(output).probabilities == Probabilities::kTogether)
    return {1 - amount, amount / static_cast<double>(outputs)};
  return {1 - amount, amount / 2};
}

void require_smoothable(std::optional<Activation> output, std::optional<Task> task) {
  if (task) require_task(Task::kClassification, *task, "train.label-smoothing", "0");
  const auto is_probability = [](const ActivationTraits& row) {
    return row.probabilities != Probabilities::kNone;
  };
  if (!output || is_probability(traits_of(*output))) return;
  throw ConfigError(
      "train.label-smoothing",
      "contradicts network.output = " + std::string(name_of(*output)) +
          ", expected 0 or network.output = " + alternatives(kActivations, is_probability));
}

}  // namespace nabla
