// SPDX-License-Identifier: MIT
#include "data/row_weights.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "nabla/base/error.h"

#include "data/option_rows.h"

namespace nabla {

namespace {

/// Returns one weight per class; empty if all of them are 1.
std::vector<double> weights_of_classes(const Dataset& train, const ClassWeights& class_weights) {
  if (class_weights.kind == ClassWeights::Kind::kNone) return {};
  require_task(Task::kClassification, train.task, "data.class-weights", "none");
  const std::size_t classes = train.classes.size();
  if (class_weights.kind == ClassWeights::Kind::kList) {
    if (class_weights.list.size() != classes)
      throw ConfigError("data.class-weights", std::to_string(class_weights.list.size()) +
                                                  " weights, expected one for each of the " +
                                                  std::to_string(classes) + " classes");
    return class_weights.list;
  }
  std::vector<std::size_t> counts(classes);
  for (const std::uint32_t label : train.labels) ++counts[label];
  std::vector<double> weights(classes);
  for (std::size_t c = 0; c < classes; ++c)
    if (counts[c] > 0)
      weights[c] = static_cast<double>(train.labels.size()) /
                   (static_cast<double>(classes) * static_cast<double>(counts[c]));
  return weights;
}

}  // namespace

std::vector<double> row_weights(const Dataset& train, const ClassWeights& class_weights) {
  std::vector<double> weights = train.weights;
  const std::vector<double> of_class = weights_of_classes(train, class_weights);
  if (!of_class.empty()) {
    weights.resize(train.rows(), 1);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= of_class[train.labels[i]];
  }
  if (std::ranges::all_of(weights, [](double w) { return w == 1; })) return {};
  if (!std::ranges::all_of(weights, [](double w) { return std::isfinite(w); }))
    throw DataError("the weight of a training row overflows, expected smaller data.weights");
  if (std::ranges::all_of(weights, [](double w) { return w == 0; }))
    throw DataError("the weights of all training rows are 0, expected one above 0");
  return weights;
}

}  // namespace nabla
