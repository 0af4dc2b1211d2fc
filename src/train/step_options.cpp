// SPDX-License-Identifier: MIT
#include "train/step_options.h"

#include <string>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "data/entry_counts.h"
#include "data/row_weights.h"
#include "optimize/optimizer.h"

namespace nabla {

namespace {

void require_fitting_dropout(const std::vector<double>& fractions, const Topology& topology) {
  const std::size_t widths = topology.layers().size();
  if (!fractions.empty() && fractions.size() != widths)
    throw ConfigError("network.dropout", std::to_string(fractions.size()) +
                                             " fractions in the model, expected one for the inputs "
                                             "and each hidden layer, " +
                                             std::to_string(widths) + ", or none");
  for (const double fraction : fractions)
    if (!from_to_below(0, 1).contains(fraction))
      throw ConfigError("network.dropout", "expected " + from_to_below(0, 1).number());
}

}  // namespace

template <class T>
CostFunction training_cost(const Model<T>& model, const TrainOptions& options) {
  const CostFunction cost =
      options.cost ? CostFunction(*options.cost, options.huber_delta) : model.cost;
  require_compatible(model.network.topology().layers().back().activation, cost);
  if (model.task == Task::kMultiLabel && !traits_of(cost.kind).needs_probabilities)
    throw ConfigError("train.cost",
                      std::string(name_of(cost.kind)) +
                          " contradicts data.task = multi-label, expected cross-entropy or auto");
  return cost;
}

template <class T>
Objective make_objective(const Model<T>& model, const Dataset& train, const TrainOptions& options) {
  const Topology& topology = model.network.topology();
  return {training_cost(model, options),
          label_smoothing(options.label_smoothing, topology.layers().back().activation, model.task,
                          topology.outputs()),
          row_weights(train, options.class_weights)};
}

template <class T>
StepOptions step_options(const Model<T>& model, const TrainOptions& options) {
  require_fitting_dropout(model.dropout, model.network.topology());
  return {.optimizer = options.optimizer,
          .penalty = {options.l1, options.l2},
          .bounds = norm_bounds(options),
          .dropout = model.dropout,
          .augment = options.augment,
          .seed = options.seed};
}

NormBounds norm_bounds(const TrainOptions& options) {
  return {.neuron = options.max_norm, .nabla = options.clip_norm};
}

template <class T>
bool trains_on_entries(const Model<T>& model, const Dataset& train, const TrainOptions& options) {
  const bool deforms = options.augment.affine || options.augment.elastic;
  return model.sparse && !deforms && keeps_zeros(model.preprocess, train);
}

StepPlan plan_training(const Topology& topology, const Dataset& train, const TrainOptions& options,
                       const ParallelOptions& parallel, bool sparse) {
  // A neuron's norm is over all its inputs.
  const TileCut cut = options.max_norm > 0 ? TileCut::kWholeNeurons : TileCut::kAny;
  const std::size_t batch = options.batch_rows(train.rows());
  if (!sparse) return plan_step(topology, batch, parallel, cut, nullptr, options.precision);
  EntryCounts entries = count_entries(train, topology.inputs(), batch);
  entries.all_move =
      !options.optimizer.lazy && !is_plain(options.optimizer, {options.l1, options.l2});
  return plan_step(topology, batch, parallel, cut, &entries, options.precision);
}

template CostFunction training_cost(const Model<float>&, const TrainOptions&);
template CostFunction training_cost(const Model<double>&, const TrainOptions&);
template Objective make_objective(const Model<float>&, const Dataset&, const TrainOptions&);
template Objective make_objective(const Model<double>&, const Dataset&, const TrainOptions&);
template bool trains_on_entries(const Model<float>&, const Dataset&, const TrainOptions&);
template bool trains_on_entries(const Model<double>&, const Dataset&, const TrainOptions&);
template StepOptions step_options(const Model<float>&, const TrainOptions&);
template StepOptions step_options(const Model<double>&, const TrainOptions&);

}  // namespace nabla
