// SPDX-License-Identifier: MIT
#include "train/step_options.h"

#include <algorithm>
#include <string>

#include "nabla/base/error.h"

#include "base/require_option.h"

namespace nabla {

namespace {

/// The fraction dropped of each width but the outputs.
std::vector<double> dropout_fractions(const TrainOptions& options, std::size_t hidden) {
  require_fraction("network.input-dropout", options.input_dropout);
  for (const double fraction : options.dropout) require_fraction("network.dropout", fraction);
  if (options.dropout.size() != 1 && options.dropout.size() != hidden)
    throw ConfigError("network.dropout: " + std::to_string(options.dropout.size()) +
                      " fractions for " + std::to_string(hidden) +
                      " hidden layers, expected one for all of them or one each");
  std::vector<double> fractions = {options.input_dropout};
  for (std::size_t i = 0; i < hidden; ++i)
    fractions.push_back(options.dropout[options.dropout.size() == 1 ? 0 : i]);
  return fractions;
}

}  // namespace

StepOptions step_options(const TrainOptions& options, const Topology& topology) {
  return {.optimizer = options.optimizer,
          .penalty = {options.l1, options.l2},
          .bounds = norm_bounds(options),
          .dropout = dropout_fractions(options, topology.layers().size() - 1),
          .augment = options.augment,
          .seed = options.seed};
}

NormBounds norm_bounds(const TrainOptions& options) {
  return {.neuron = options.max_norm, .nabla = options.clip_norm};
}

StepPlan plan_training(const Topology& topology, std::size_t rows, const TrainOptions& options,
                       const ParallelOptions& parallel) {
  // A neuron's norm is over all its inputs.
  const TileCut cut = options.max_norm > 0 ? TileCut::kWholeNeurons : TileCut::kAny;
  return plan_step(topology, options.batch_rows(rows), parallel, cut);
}

}  // namespace nabla
