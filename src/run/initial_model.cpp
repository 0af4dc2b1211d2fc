// SPDX-License-Identifier: MIT
#include "run/initial_model.h"

#include "nabla/data/preprocess.h"
#include "nabla/model/network_options.h"
#include "nabla/train/make_model.h"

#include "run/memory_need.h"

namespace nabla {

template <class T>
Model<T> make_model(const ExperimentOptions& options, const Dataset& train) {
  const NetworkPlan plan = plan_network(
      options.network,
      preprocessed_width(options.data.normalize, train.inputs(), options.data.components),
      train.outputs(), train.task);
  require_memory(Topology(plan.widths, plan.activations, plan.batch_norm), options, train.rows());
  return make_model<T>(train, options.network, options.train, options.data);
}

template Model<float> make_model(const ExperimentOptions&, const Dataset&);
template Model<double> make_model(const ExperimentOptions&, const Dataset&);

}  // namespace nabla
