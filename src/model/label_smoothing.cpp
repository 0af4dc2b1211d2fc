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
  if (output == Activation::kSoftmax) return {1 - amount, amount / static_cast<double>(outputs)};
  if (output == Activation::kSigmoid) return {1 - amount, amount / 2};
  throw ConfigError("train.label-smoothing: needs network.output sigmoid or softmax, not " +
                    std::string(name_of(output)));
}

}  // namespace nabla
