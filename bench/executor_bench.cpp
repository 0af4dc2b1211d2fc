// SPDX-License-Identifier: MIT
//
// executor/tasks:<n>/threads:<t> measures the cost of running n tasks that do nothing.
#include <atomic>
#include <benchmark/benchmark.h>
#include <string>

#include "nabla/engine/executor.h"

#include "machine.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kTasks[] = {1, 2, 4, 8, 16, 32, 64};

void run_empty_tasks(benchmark::State& state, std::size_t tasks, std::size_t threads) {
  const auto executor = make_executor(threads);
  std::atomic<std::size_t> ran = 0;
  executor->run(tasks, [&](std::size_t) { ++ran; });
  if (ran != tasks) return state.SkipWithError("not every task ran");

  for (auto _ : state) executor->run(tasks, [](std::size_t i) { benchmark::DoNotOptimize(i); });
  state.counters["tasks/s"] =
      benchmark::Counter(static_cast<double>(tasks), benchmark::Counter::kIsIterationInvariantRate);
}

[[maybe_unused]] const bool executor_registered = [] {
  for (const std::size_t threads : thread_counts()) {
    for (const std::size_t tasks : kTasks) {
      const std::string name =
          "executor/tasks:" + std::to_string(tasks) + "/threads:" + std::to_string(threads);
      benchmark::RegisterBenchmark(name.c_str(), [tasks, threads](benchmark::State& state) {
        run_empty_tasks(state, tasks, threads);
      })->UseRealTime();
    }
  }
  return true;
}();

}  // namespace

}  // namespace nabla::bench
