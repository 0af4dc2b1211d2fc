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

/// Bytes that a training takes, part by part.
struct MemoryNeed {
  std::size_t batch;  ///< rows of a mini-batch
  double networks;    ///< whatever is as long as the parameters
  double workspace;   ///< activations and deltas, weighted and normalised inputs where kept
  double nablas;      ///< one per shard, where the shards have their own
  std::size_t shards;
};

MemoryNeed memory_need(const Topology& topology, const ExperimentOptions& options,
                       std::size_t rows) {
  const double element = options.train.precision == Precision::kFloat64 ? 8 : 4;
  const double network = element * static_cast<double>(topology.storage());
  // The network and what it was after the last good epoch; the optimiser's arrays and the best
  // epoch's parameters; of a checkpoint the state that waits, the one being written and its text.
  const double more = kept_arrays(options.train);
  const std::size_t batch = options.train.batch_rows(rows);
  double values = 2 * static_cast<double>(topology.inputs());
  for (const Layer& layer : topology.layers()) {
    const int arrays =
        2 + (needs_weighted_inputs(layer.activation) ? 1 : 0) + (layer.batch_norm ? 1 : 0);
    values += arrays * static_cast<double>(layer.outputs);
  }
  const StepPlan plan = plan_step(topology, batch, options.parallel);
  const bool is_per_shard = plan.reduction == Reduction::kPerShard;
  return {.batch = batch,
          .networks = network * (2 + more + 3 * (1 + more)),
          .workspace = element * values * static_cast<double>(batch),
          .nablas = is_per_shard ? network * static_cast<double>(plan.shards) : 0,
          .shards = plan.shards};
}

}  // namespace

double training_bytes(const Topology& topology, const ExperimentOptions& options,
                      std::size_t rows) {
  const MemoryNeed need = memory_need(topology, options, rows);
  return need.networks + need.workspace + need.nablas;
}

void require_memory(const Topology& topology, const ExperimentOptions& options, std::size_t rows) {
  const MemoryNeed need = memory_need(topology, options, rows);
  require(need.networks,
          "network.hidden: training " + std::to_string(topology.parameters()) + " parameters");
  require(need.networks + need.workspace,
          "train.batch-size: mini-batches of " + std::to_string(need.batch) + " rows with " +
              std::to_string(topology.parameters()) + " parameters");
  require(need.networks + need.workspace + need.nablas,
          "parallel.shards: a nabla for each of " + std::to_string(need.shards) + " shards");
}

}  // namespace nabla
