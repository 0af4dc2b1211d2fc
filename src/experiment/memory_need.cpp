// SPDX-License-Identifier: MIT
#include "experiment/memory_need.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "engine/plan.h"

namespace nabla {

namespace {

std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
  return text;
}

void require(double bytes, const std::string& what) {
  const auto memory = static_cast<double>(physical_memory());
  if (bytes > memory)
    throw ConfigError(what + " would take " + gigabytes(bytes) +
                      " of memory, expected at most the " + gigabytes(memory) + " of this machine");
}

/// Arrays as long as the parameters that a training keeps besides them from step to step.
double kept_arrays(const TrainOptions& options) {
  using enum Algorithm;
  const Algorithm algorithm = options.optimizer.algorithm;
  const double best = options.stop.patience > 0 && options.stop.restore_best ? 1 : 0;
  if (algorithm == kSgd) return best;
  return best + (algorithm == kAdam || algorithm == kAdamw ? 2 : 1);
}

}  // namespace

void require_memory(const Topology& topology, const ExperimentOptions& options, std::size_t rows) {
  const double element = options.precision == Precision::kFloat64 ? 8 : 4;
  const double network = element * static_cast<double>(topology.storage());
  // The network and what it was after the last good epoch; the optimiser's arrays and the best
  // epoch's parameters; of a checkpoint the state that waits, the one being written and its text.
  const double more = kept_arrays(options.train);
  const double networks = network * (2 + more + 3 * (1 + more));
  require(networks,
          "network.hidden: training " + std::to_string(topology.parameters()) + " parameters");

  const std::size_t asked = options.train.batch_size;
  const std::size_t batch = asked == 0 ? rows : std::min(asked, rows);
  // Activations and deltas, and weighted inputs where they are kept.
  double values = 2 * static_cast<double>(topology.inputs());
  for (const Layer& layer : topology.layers())
    values +=
        (needs_weighted_inputs(layer.activation) ? 3 : 2) * static_cast<double>(layer.outputs);
  const double workspace = element * values * static_cast<double>(batch);
  require(networks + workspace, "train.batch-size: mini-batches of " + std::to_string(batch) +
                                    " rows with " + std::to_string(topology.parameters()) +
                                    " parameters");

  const StepPlan plan = plan_step(topology, batch, options.parallel);
  if (plan.reduction != Reduction::kPerShard) return;
  require(networks + workspace + network * static_cast<double>(plan.shards),
          "parallel.shards: a nabla for each of " + std::to_string(plan.shards) + " shards");
}

}  // namespace nabla
