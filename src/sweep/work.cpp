// SPDX-License-Identifier: MIT
#include "sweep/work.h"

#include <algorithm>

#include "nabla/data/preprocess.h"
#include "nabla/model/network_options.h"
#include "nabla/model/topology.h"

#include "engine/plan.h"
#include "run/memory_need.h"
#include "train/option_rows.h"
#include "train/step_options.h"

namespace nabla {

TrialWork plan_trial(const ExperimentOptions& options, const DataSplit& data, std::size_t threads) {
  const Dataset& train = data.train;
  const NetworkPlan network = plan_network(
      options.network,
      preprocessed_width(options.data.normalize, train.inputs(), options.data.components),
      train.outputs(), train.task);
  const Topology topology(network.widths, network.activations, network.batch_norm);
  require_memory(topology, options, train.rows());
  require_valid(options.train, data);

  const StepPlan plan = plan_training(topology, train.rows(), options.train, options.parallel);
  std::size_t blocks = 1;
  for (const auto& width : plan.blocks) blocks = std::max(blocks, width.size());
  return {.threads = plan.worth_threads ? std::min(threads, plan.shards * blocks) : 1,
          .memory = training_bytes(topology, options, train.rows()),
          .flops = flops_per_sample(topology) * static_cast<double>(train.rows())};
}

}  // namespace nabla
