// SPDX-License-Identifier: MIT
#include "experiment/initial_model.h"

#include <utility>

#include "nabla/data/preprocess.h"
#include "nabla/model/initialize.h"
#include "nabla/model/network_options.h"
#include "nabla/train/evaluation.h"

#include "experiment/memory_need.h"
#include "train/make_objective.h"

namespace nabla {

template <class T>
Model<T> make_model(const ExperimentOptions& options, const Dataset& train) {
  NetworkPlan plan = plan_network(
      options.network,
      preprocessed_width(options.data.normalize, train.inputs(), options.data.components),
      train.outputs(), train.task);
  const Topology topology(plan.widths, plan.activations, plan.batch_norm);
  require_memory(topology, options, train.rows());
  Network<T> network(topology);
  if (options.network.initial.empty())
    initialize(network, options.network.init, options.network.init_bias, options.train.seed);
  else
    load_parameters(options.network.initial, network);
  Preprocess preprocess = fit_preprocess(options.data.normalize, train, options.data.components);
  if (options.data.standardize_targets) preprocess.targets = fit_targets(train);
  Model<T> model{std::move(network), plan.cost,     std::move(preprocess), train.task,
                 train.classes,      train.columns, train.one_hot};
  require_matching(model, train, "the training data");
  make_objective(model, train, options.train);  // refuses before there is a run folder
  return model;
}

template Model<float> make_model(const ExperimentOptions&, const Dataset&);
template Model<double> make_model(const ExperimentOptions&, const Dataset&);

}  // namespace nabla
