// SPDX-License-Identifier: MIT
#include "run/initial_model.h"

#include <cstdio>
#include <string>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/model/network_options.h"
#include "nabla/train/make_model.h"

#include "base/memory.h"
#include "engine/plan.h"
#include "engine/update.h"
#include "model/batch_norm.h"
#include "model/workspace.h"
#include "optimize/optimizer.h"
#include "run/resolved_experiment.h"
#include "run/saved_model.h"
#include "train/improvement.h"
#include "train/step_options.h"
#include "train/with_precision.h"

namespace nabla {

namespace {

std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
  return text;
}

void require(double bytes, const std::string& consumer) {
  const auto memory = static_cast<double>(physical_memory());
  if (bytes > memory)
    throw ConfigError(consumer + " would take " + gigabytes(bytes) +
                      " of memory, expected at most the " + gigabytes(memory) + " of this machine");
}

/// Bytes that a training takes, part by part.
struct MemoryNeed {
  double networks;   ///< the parameters, the images of bfloat16 of the weights, and everything that
                     ///< is kept as long as them
  double workspace;  ///< activations and deltas with their images, weighted and normalised inputs
                     ///< if they are kept
  double nablas;     ///< kept while the parameters move
  StepPlan plan;
};

/// The book's pickle has validation rows of its own.
bool may_have_validation(const DataOptions& data) {
  return data.validation > 0 || data.source == DataSource::kPkl;
}

template <class P>
MemoryNeed need_of(const Topology& topology, const ExperimentOptions& options,
                   const Dataset& rows) {
  const TrainOptions& train = options.train;
  using T = ParameterOf<P>;
  StepPlan plan =
      plan_training(topology, rows, train, options.parallel, options.data.sparse == true);
  const std::size_t threads =
      options.parallel.threads == 0 ? available_cores() : options.parallel.threads;
  // Steps on sparse rows have parameters of their own.
  const Topology steps = plan.entries > 0 ? topology.input_major() : topology;
  const double network = sizeof(T) * static_cast<double>(topology.storage());
  const double own = plan.entries > 0 ? sizeof(T) * static_cast<double>(steps.storage()) : 0;
  const double state = network + Optimizer<T>::bytes(train.optimizer, steps.storage()) +
                       (keeps_best(train.stop, may_have_validation(options.data)) ? network : 0);
  // The last good epoch's parameters are kept too. Three states more belong to a checkpoint: the
  // one that waits, the one being written and its text. Whether rows have weights is not known yet.
  // A workspace without rows has the weights' images alone.
  const double images = Workspace<P>::bytes(steps, 0);
  return {.networks = state + network + own + images + 3 * state,
          .workspace = Workspace<P>::bytes(steps, plan.batch_size, true, plan.entries) - images +
                       BatchNorm<P>::bytes(topology, plan.batch_size, plan.shards),
          .nablas = Update<P>::bytes(steps, plan, train.optimizer, {train.l1, train.l2},
                                     norm_bounds(train), plan.worth_threads ? threads : 1),
          .plan = std::move(plan)};
}

MemoryNeed memory_need(const Topology& topology, const ExperimentOptions& options,
                       const Dataset& rows) {
  const auto need = [&]<class P>(PrecisionTag<P>) { return need_of<P>(topology, options, rows); };
  if (options.train.precision == Precision::kFloat64) return need(PrecisionTag<Float64>());
  return with_precision<float>(options.train.precision, need);
}

}  // namespace

Topology planned_topology(const ExperimentOptions& options, const Dataset& train) {
  const NetworkPlan plan = plan_network(options.network, preprocessed_width(options.data, train),
                                        train.outputs(), train.task);
  return Topology(plan.widths, plan.activations, plan.batch_norm);
}

double training_bytes(const Topology& topology, const ExperimentOptions& options,
                      const Dataset& rows) {
  const MemoryNeed need = memory_need(topology, options, rows);
  return need.networks + need.workspace + need.nablas;
}

void require_memory(const Topology& topology, const ExperimentOptions& options,
                    const Dataset& rows) {
  const MemoryNeed need = memory_need(topology, options, rows);
  const std::string parameters = std::to_string(topology.parameters()) + " parameters";
  require(need.networks, "network.hidden: training " + parameters);
  require(need.networks + need.workspace, "train.batch-size: mini-batches of " +
                                              std::to_string(need.plan.batch_size) + " rows with " +
                                              parameters);
  require(need.networks + need.workspace + need.nablas,
          options.train.clip_norm > 0
              ? "train.clip-norm: the nabla of " + parameters
              : "parallel.shards: the sums of " + std::to_string(need.plan.shards) + " shards");
}

template <class T>
Model<T> make_model(const ExperimentOptions& given, const Dataset& train) {
  const ExperimentOptions options = resolved(given, train);
  require_memory(planned_topology(options, train), options, train);
  NetworkOptions network = options.network;
  if (!network.initial.empty()) network.initial = model_file(network.initial);
  return make_model<T>(train, network, options.train, options.data);
}

template Model<float> make_model(const ExperimentOptions&, const Dataset&);
template Model<double> make_model(const ExperimentOptions&, const Dataset&);

}  // namespace nabla
