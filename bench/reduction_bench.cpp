// SPDX-License-Identifier: MIT
//
// reduction/<per-shard or tiled>/<workload>/shards:<s>/threads:<t>: from the activations and deltas
// of a mini-batch to parameters that have been stepped, both ways; see engine/step.h.
// reduction/sum/…: of per-shard the ordered sum and the step alone, without forming the nablas.
// GB/s counts the parameters once, whatever is moved besides. All threads take part even where a
// step leaves a mini-batch too small for them to one thread (StepPlan::worth_threads).
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nabla/engine/executor.h"
#include "nabla/math/elementwise.h"

#include "engine/plan.h"
#include "machine.h"
#include "model/backprop.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kShards[] = {1, 2, 4, 8, 16};
constexpr float kRate = -1e-6F;  // small, so that the parameters stay finite for any time

/// A mini-batch of random activations and deltas in front of a network.
class Reducer {
 public:
  Reducer(const Workload& workload, std::size_t shards, std::size_t threads)
      : executor_(make_executor(threads)),
        network_(topology_of(workload)),
        plan_(plan_step(network_.topology(), workload.batch_size, {.shards = shards})),
        workspace_(network_.topology(), plan_.batch_size),
        nablas_(plan_.shards, network_) {
    const RowRange all{0, plan_.batch_size};
    for (std::size_t i = 0; i < network_.layers(); ++i) {
      fill(workspace_.activation(i, all));
      fill(workspace_.delta(i, all));
    }
  }

  Network<float>& network() { return network_; }

  void reduce_tiled() {
    executor_->run(plan_.tiles.size(), [&](std::size_t t) {
      const auto [i, neurons, inputs] = plan_.tiles[t];
      const RowRange all{0, plan_.batch_size};
      const auto weight = network_.weight(i).row_range(neurons.first, neurons.count);
      accumulate_nabla_w(workspace_, i, all, neurons, inputs, kRate, 1.0F, columns(weight, inputs));
      if (inputs.first > 0) return;
      accumulate_nabla_b(workspace_, i, all, neurons, kRate, 1.0F,
                         network_.bias(i).subspan(neurons.first, neurons.count));
    });
  }

  void form_nablas() {
    executor_->run(plan_.shards, [&](std::size_t s) {
      for (std::size_t i = 0; i < network_.layers(); ++i) form_nabla(s, i);
    });
  }

  void sum_and_step() {
    executor_->run(plan_.ranges.size(), [&](std::size_t r) {
      const std::size_t first = plan_.ranges[r].first;
      const std::size_t count = plan_.ranges[r].last - first;
      const auto sum = nablas_.front().parameters().subspan(first, count);
      for (std::size_t s = 1; s < plan_.shards; ++s)
        elementwise::add<float>(nablas_[s].parameters().subspan(first, count), sum);
      elementwise::axpby<float>(kRate, sum, 1.0F, network_.parameters().subspan(first, count));
    });
  }

  void reduce_per_shard() {
    form_nablas();
    sum_and_step();
  }

 private:
  /// One layer's part of one shard's nabla, in the plan's blocks of neurons.
  void form_nabla(std::size_t shard, std::size_t i) {
    const RowRange rows = divide_rows({0, plan_.batch_size}, plan_.shards, shard);
    const auto& blocks = plan_.blocks[i + 1];
    executor_->run(blocks.size(), [&](std::size_t b) {
      const auto [first, count] = blocks[b];
      const MatrixView<float> weight = nablas_[shard].weight(i);
      accumulate_nabla_w(workspace_, i, rows, blocks[b], {0, weight.cols}, 1.0F, 0.0F,
                         weight.row_range(first, count));
      accumulate_nabla_b(workspace_, i, rows, blocks[b], 1.0F, 0.0F,
                         nablas_[shard].bias(i).subspan(first, count));
    });
  }

  static void fill(MatrixView<float> to) {
    const Matrix<float> from = random_matrix<float>(to.rows, to.cols);
    for (std::size_t r = 0; r < to.rows; ++r) std::ranges::copy(from.row(r), to.row(r).begin());
  }

  std::unique_ptr<Executor> executor_;
  Network<float> network_;
  StepPlan plan_;
  Workspace<float> workspace_;
  std::vector<Network<float>> nablas_;
};

/// Both reductions from the same start give the same parameters up to rounding.
bool reductions_agree(Reducer& reducer) {
  const Network<float> start = reducer.network();
  reducer.reduce_tiled();
  const Network<float> tiled = reducer.network();
  reducer.network() = start;
  reducer.reduce_per_shard();
  const std::span<const float> a = tiled.parameters(), b = reducer.network().parameters();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-9F + 1e-4F * std::abs(b[i]))) return false;
  return true;
}

void run_reduction(benchmark::State& state, const Workload& workload, std::size_t shards,
                   std::size_t threads, void (Reducer::*reduce)()) {
  Reducer reducer(workload, shards, threads);
  if (!reductions_agree(reducer)) return state.SkipWithError("the reductions disagree");
  for (auto _ : state) {
    (reducer.*reduce)();
    benchmark::ClobberMemory();
  }
  const auto parameters = static_cast<double>(reducer.network().topology().parameters());
  state.counters["parameters"] = parameters;
  state.counters["GB/s"] = benchmark::Counter(parameters * sizeof(float) * 1e-9,
                                              benchmark::Counter::kIsIterationInvariantRate);
}

[[maybe_unused]] const bool registered = [] {
  struct Way {
    const char* name;
    void (Reducer::*reduce)();
  };
  constexpr Way kWays[] = {{"per-shard", &Reducer::reduce_per_shard},
                           {"tiled", &Reducer::reduce_tiled},
                           {"sum", &Reducer::sum_and_step}};
  for (const Workload& workload : workloads())
    for (const Way& way : kWays)
      for (const std::size_t shards : kShards)
        for (const std::size_t threads : one_and_all_threads()) {
          if (shards > workload.batch_size) continue;
          const std::string name = std::string("reduction/") + way.name + "/" + workload.name +
                                   "/shards:" + std::to_string(shards) +
                                   "/threads:" + std::to_string(threads);
          const auto run = [&workload, shards, threads, way](benchmark::State& state) {
            run_reduction(state, workload, shards, threads, way.reduce);
          };
          benchmark::RegisterBenchmark(name.c_str(), run)
              ->UseRealTime()
              ->Unit(benchmark::kMicrosecond);
        }
  return true;
}();

}  // namespace

}  // namespace nabla::bench
