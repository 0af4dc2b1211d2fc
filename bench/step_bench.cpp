// SPDX-License-Identifier: MIT
//
// step/<workload>/batch:<m>/shards:<s>/<reduction>/threads:<t> runs whole steps of the engine on
// the built-in digits and reports their share of the speed that the same threads reach in large
// matrix products of float32. The plan chooses shards:auto and auto. step/<workload>/bfloat16/…
// does the same with products of bfloat16.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "nabla/train/evaluation.h"

#include "engine/blas_guard.h"
#include "engine/step.h"
#include "machine.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kDataRows = 8192;
constexpr std::size_t kBatches[] = {10, 64, 256, 1024};
constexpr std::size_t kStepShards[] = {1, 2, 4, 8, 16};

struct Setting {
  std::size_t batch_size;
  ParallelOptions parallel;
  Precision precision = Precision::kFloat32;
};

Model<float> make_model(const Workload& workload, Precision precision) {
  Model<float> model = make_model(workload);
  model.precision = precision;
  return model;
}

/// Returns whether the first step reports the cost that evaluate finds, as it should before it
/// moves the parameters.
bool is_right(Model<float> model, const Workload& workload, TrainingStep<float>& step,
              Executor& executor) {
  const Dataset first_rows = slice(digits(kDataRows), 0, step.plan().batch_size);
  const double expected = evaluate(model, first_rows, executor).score.cost;
  std::vector<std::uint32_t> rows(first_rows.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  step.take_weights(model.network);
  const double sum = step.run(model.network, rows, {workload.learning_rate}).cost;
  return std::abs(sum / static_cast<double>(rows.size()) - expected) <= 1e-4 * expected;
}

template <class P>
void run_steps(benchmark::State& state, const Workload& workload, const Setting& setting) {
  const auto executor = make_executor(setting.parallel.threads);
  require_safe_blas(*executor);
  const Dataset& data = digits(kDataRows);
  Model<float> model = make_model(workload, setting.precision);
  const Topology& topology = model.network.topology();
  Step<P> step(topology, model.cost, data, model.preprocess,
               plan_step(topology, setting.batch_size, setting.parallel), {}, *executor);
  if (!is_right(model, workload, step, *executor))
    return state.SkipWithError("the cost differs from that of evaluate");
  step.take_weights(model.network);

  // The rows are far apart, as in a shuffled epoch.
  constexpr std::size_t kStride = 3571;
  std::vector<std::uint32_t> order(kDataRows);
  for (std::size_t i = 0; i < kDataRows; ++i)
    order[i] = static_cast<std::uint32_t>(i * kStride % kDataRows);
  std::size_t next = 0;
  BatchResult result;
  for (auto _ : state) {
    const auto rows = std::span<const std::uint32_t>(order).subspan(next, setting.batch_size);
    result = step.run(model.network, rows, {workload.learning_rate});
    next += setting.batch_size;
    if (next + setting.batch_size > kDataRows) next = 0;
  }
  if (!std::isfinite(result.cost)) return state.SkipWithError("training diverged");

  constexpr auto kPerIteration = benchmark::Counter::kIsIterationInvariantRate;
  const auto samples = static_cast<double>(setting.batch_size);
  const double gflop = samples * flops_per_sample(topology) * 1e-9;
  state.counters["samples/s"] = benchmark::Counter(samples, kPerIteration);
  state.counters["GFLOP/s"] = benchmark::Counter(gflop, kPerIteration);
  state.counters["peak share"] =
      benchmark::Counter(gflop / gemm_peak(setting.parallel.threads), kPerIteration);
  state.counters["shards used"] = static_cast<double>(step.plan().shards);
  state.SetLabel(std::string(name_of(step.plan().reduction)));
}

void register_setting(const Workload& workload, const Setting& setting) {
  const auto& [threads, shards, reduction] = setting.parallel;
  const bool is_mixed = setting.precision == Precision::kBfloat16;
  const std::string name = "step/" + workload.name + (is_mixed ? "/bfloat16" : "") +
                           "/batch:" + std::to_string(setting.batch_size) +
                           "/shards:" + (shards == 0 ? "auto" : std::to_string(shards)) + "/" +
                           std::string(name_of(reduction)) + "/threads:" + std::to_string(threads);
  benchmark::RegisterBenchmark(
      name.c_str(),
      [&workload, setting, is_mixed](benchmark::State& state) {
        (is_mixed ? run_steps<Bfloat16> : run_steps<Float32>)(state, workload, setting);
      })
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}

[[maybe_unused]] const bool step_registered = [] {
  for (const Workload& workload : workloads()) {
    std::set<std::size_t> batches(std::begin(kBatches), std::end(kBatches));
    batches.insert(workload.batch_size);
    for (const std::size_t batch : batches)
      for (const std::size_t threads : thread_counts())
        register_setting(workload, {batch, {.threads = threads}});
    for (const std::size_t threads : one_and_all_threads())
      register_setting(workload, {workload.batch_size, {.threads = threads}, Precision::kBfloat16});
    for (const Reduction reduction : {Reduction::kPerShard, Reduction::kTiled})
      for (const std::size_t shards : kStepShards)
        for (const std::size_t threads : one_and_all_threads())
          if (shards <= workload.batch_size)
            register_setting(workload, {workload.batch_size, {threads, shards, reduction}});
  }
  return true;
}();

}  // namespace

}  // namespace nabla::bench
