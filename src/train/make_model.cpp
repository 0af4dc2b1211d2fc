// SPDX-License-Identifier: MIT
#include "nabla/train/make_model.h"

#include <type_traits>
#include <utility>

#include "nabla/data/preprocess.h"
#include "nabla/model/initialize.h"
#include "nabla/train/checkpoint.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/resolved.h"

#include "train/step_options.h"

namespace nabla {

template <class T>
Model<T> make_model(const Dataset& train, const NetworkOptions& network,
                    const TrainOptions& options, const DataOptions& data) {
  validate(options, network, data);
  NetworkPlan plan =
      plan_network(network, preprocessed_width(data, train), train.outputs(), train.task);
  Model<T> model{.network = Network<T>(Topology(plan.widths, plan.activations, plan.batch_norm)),
                 .cost = plan.cost,
                 .preprocess = {},
                 .task = train.task,
                 .classes = train.classes,
                 .columns = train.columns,
                 .one_hot = train.one_hot,
                 .dropout = std::move(plan.dropout)};
  if constexpr (std::is_same_v<T, float>)
    if (options.precision == Precision::kBfloat16) model.precision = options.precision;
  if (network.initial.empty())
    initialize(model.network, network.init, network.init_bias, options.seed);
  else
    load_trained_parameters(network.initial, model.network);
  const DataOptions resolved_data = resolved(data, network, options, train);
  model.preprocess = fit_preprocess(resolved_data, train);
  model.sparse = *resolved_data.sparse;
  model.cost = training_cost(model, options);
  require_matching(model, train, "the training data");
  make_objective(model, train, options);  // Class weights may not fit the rows.
  return model;
}

AnyModel make_model(const Dataset& train, const NetworkOptions& network,
                    const TrainOptions& options, const DataOptions& data) {
  if (options.precision == Precision::kFloat64)
    return make_model<double>(train, network, options, data);
  return make_model<float>(train, network, options, data);
}

template Model<float> make_model(const Dataset&, const NetworkOptions&, const TrainOptions&,
                                 const DataOptions&);
template Model<double> make_model(const Dataset&, const NetworkOptions&, const TrainOptions&,
                                  const DataOptions&);

}  // namespace nabla
