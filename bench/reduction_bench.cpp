// SPDX-License-Identifier: MIT
//
// reduction/<per-shard or tiled>/<workload>/shards:<s>/threads:<t> goes from the activations and
// deltas of a mini-batch to stepped parameters, both ways; see engine/update.h. GB/s counts the
// parameters once, whatever else is moved. All threads take part even if a step would leave so
// small a mini-batch to one thread (StepPlan::worth_threads).
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nabla/engine/executor.h"

#include "engine/plan.h"
#include "engine/update.h"
#include "machine.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kShards[] = {1, 2, 4, 8, 16};
constexpr double kRate = 1e-6;  // small, so that the parameters stay finite for any time

/// A mini-batch of random activations and deltas in front of a network.
class ReducedBatch {
 public:
  ReducedBatch(const Workload& workload, std::size_t shards, std::size_t threads,
               Reduction reduction)
      : executor_(make_executor(threads)),
        network_(topology_of(workload)),
        plan_(plan_step(network_.topology(), workload.batch_size,
                        {.shards = shards, .reduction = reduction})),
        workspace_(network_.topology(), plan_.batch_size),
        batch_norm_(network_.topology(), plan_.batch_size, plan_.shards),
        shard_rows_(plan_, lone_rank()),
        update_(network_.topology(), plan_, {}, {}, {}, batch_norm_, shard_rows_, *executor_),
        clock_(std::max(plan_.first_slot(plan_.shards), update_.most_tasks()), threads) {
    const RowRange all{0, plan_.batch_size};
    for (std::size_t i = 0; i < network_.layers(); ++i) {
      fill(workspace_.activation(i, all));
      fill(workspace_.delta(i, all));
    }
  }

  Network<float>& network() { return network_; }

  void reduce() {
    update_.begin(plan_.batch_size);
    update_.run(network_, workspace_, plan_.batch_size, kRate, {*executor_, clock_});
  }

 private:
  static void fill(MatrixView<float> to) {
    const Matrix<float> from = random_matrix<float>(to.rows, to.cols);
    for (std::size_t r = 0; r < to.rows; ++r) std::ranges::copy(from.row(r), to.row(r).begin());
  }

  std::unique_ptr<Executor> executor_;
  Network<float> network_;
  StepPlan plan_;
  Workspace<Float32> workspace_;
  BatchNorm<Float32> batch_norm_;
  const ShardRows shard_rows_;
  Update<Float32> update_;
  PhaseClock clock_;
};

/// Checks that both reductions, from the same start, give the same parameters up to rounding.
bool reductions_agree(const Workload& workload, std::size_t shards, std::size_t threads) {
  ReducedBatch tiled(workload, shards, threads, Reduction::kTiled);
  ReducedBatch per_shard(workload, shards, threads, Reduction::kPerShard);
  tiled.reduce();
  per_shard.reduce();
  const std::span<const float> a = tiled.network().parameters();
  const std::span<const float> b = per_shard.network().parameters();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-9F + 1e-4F * std::abs(b[i]))) return false;
  return true;
}

void run_reduction(benchmark::State& state, const Workload& workload, std::size_t shards,
                   std::size_t threads, Reduction reduction) {
  if (!reductions_agree(workload, shards, threads))
    return state.SkipWithError("the reductions disagree");
  ReducedBatch reducer(workload, shards, threads, reduction);
  for (auto _ : state) {
    reducer.reduce();
    benchmark::ClobberMemory();
  }
  const auto parameters = static_cast<double>(reducer.network().topology().parameters());
  state.counters["parameters"] = parameters;
  state.counters["GB/s"] = benchmark::Counter(parameters * sizeof(float) * 1e-9,
                                              benchmark::Counter::kIsIterationInvariantRate);
}

[[maybe_unused]] const bool reduction_registered = [] {
  for (const Workload& workload : workloads())
    for (const Reduction way : {Reduction::kPerShard, Reduction::kTiled})
      for (const std::size_t shards : kShards)
        for (const std::size_t threads : one_and_all_threads()) {
          if (shards > workload.batch_size) continue;
          const std::string name = "reduction/" + std::string(name_of(way)) + "/" + workload.name +
                                   "/shards:" + std::to_string(shards) +
                                   "/threads:" + std::to_string(threads);
          const auto run = [&workload, shards, threads, way](benchmark::State& state) {
            run_reduction(state, workload, shards, threads, way);
          };
          benchmark::RegisterBenchmark(name.c_str(), run)
              ->UseRealTime()
              ->Unit(benchmark::kMicrosecond);
        }
  return true;
}();

}  // namespace

}  // namespace nabla::bench
