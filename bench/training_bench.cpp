// SPDX-License-Identifier: MIT
//
// training/<workload>/threads:<t> trains one epoch by train() on the built-in digits without test
// rows. The time is that of the whole call; train() itself reports samples/s.
#include <benchmark/benchmark.h>
#include <string>

#include "nabla/train/trainer.h"

#include "machine.h"
#include "workloads.h"

namespace nabla::bench {

namespace {

void run_epochs(benchmark::State& state, const Workload& workload, std::size_t threads) {
  const auto executor = make_executor(threads);
  const DataSplit data{.train = digits(workload.rows), .validation = {}, .test = {}};
  const TrainOptions options{.epochs = 1,
                             .batch_size = workload.batch_size,
                             .learning_rate = workload.learning_rate,
                             .evaluate_every = 0};
  Model<float> model = make_model(workload);
  double rows = 0, seconds = 0;
  TrainSummary summary;
  for (auto _ : state) {
    summary = train(model, data, options, {.threads = threads}, *executor);
    rows += static_cast<double>(data.train.rows());
    seconds += summary.train_seconds;
  }
  const double chance = 1.0 / static_cast<double>(data.train.outputs());
  if (summary.status != TrainStatus::kCompleted || summary.last.train.goodness < 2 * chance)
    return state.SkipWithError("the network has learnt nothing");
  state.counters["samples/s"] = rows / seconds;
  state.counters["shards"] = static_cast<double>(summary.shards);
  state.counters["train accuracy"] = summary.last.train.goodness;
}

[[maybe_unused]] const bool training_registered = [] {
  for (const Workload& workload : workloads()) {
    for (const std::size_t threads : one_and_all_threads()) {
      const std::string name = "training/" + workload.name + "/threads:" + std::to_string(threads);
      benchmark::RegisterBenchmark(
          name.c_str(),
          [&workload, threads](benchmark::State& state) { run_epochs(state, workload, threads); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace

}  // namespace nabla::bench
