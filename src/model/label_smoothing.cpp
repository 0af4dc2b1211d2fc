// SPDX-License-Identifier: MIT
#include "model/label_smoothing.h"

#include <string>

#include "nabla/base/error.h"

#include "base/require_option.h"

namespace nabla {

LabelSmoothing label_smoothing(double amount, Activation output, Task task, std::size_t outputs) {
  require_fraction("train.label-smoothing", amount);
  if (amount == 0) return {};
  if (task == Task::kRegression)
    throw ConfigError(
        "train.label-smoothing: needs the classes of a classification, but the targets are "
        "values, expected 0");
  switch (traits_of(output).probabilities) {
    case Probabilities::kTogether:
      return {1 - amount, amount / static_cast<double>(outputs)};
    case Probabilities::kEach:
      return {1 - amount, amount / 2};
    case Probabilities::kNone:
      break;
  }
  throw ConfigError(
      "train.label-smoothing: needs network.output " +
      alternatives(kActivations,
                   [](auto& row) { return row.probabilities != Probabilities::kNone; }) +
      ", not " + std::string(name_of(output)));
}

}  // namespace nabla
