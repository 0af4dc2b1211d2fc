// SPDX-License-Identifier: MIT
#include "experiment/initial_model.h"

#include <utility>

#include "nabla/data/preprocess.h"
#include "nabla/model/initialize.h"
#include "nabla/model/network_options.h"

namespace nabla {

template <class T>
Model<T> make_model(const ExperimentOptions& options, const Dataset& train) {
  NetworkPlan plan = plan_network(options.network, train.inputs(), train.outputs(), train.task);
  Network<T> network(Topology(plan.widths, plan.activations));
  if (options.network.initial.empty())
    initialize(network, options.network.init, options.network.init_bias, options.train.seed);
  else
    load_parameters(options.network.initial, network);
  return {std::move(network), plan.cost, fit_preprocess(options.data.normalize, train), train.task,
          train.classes};
}

template Model<float> make_model(const ExperimentOptions&, const Dataset&);
template Model<double> make_model(const ExperimentOptions&, const Dataset&);

}  // namespace nabla
