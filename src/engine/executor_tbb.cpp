// SPDX-License-Identifier: MIT
//
// The executor on oneTBB; the only file that includes it.
#ifdef NABLA_EXECUTOR_TBB

#include <latch>
#include <optional>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/version.h>
#include <thread>
#include <vector>

#include "engine/executor_backend.h"

namespace nabla {

namespace {

/// Starts so many threads side by side and ends them. Throws std::system_error if one does not
/// start, as there is no memory for its stack. oneTBB cannot bear that of its own workers: what it
/// throws leaves a worker that it ends later, which has no thread. The C library keeps the stacks
/// of these threads for the next ones that start.
void try_threads(std::size_t count) {
  std::latch gate(1);
  std::vector<std::thread> threads;
  const auto end = [&] {
    gate.count_down();
    for (std::thread& thread : threads) thread.join();
  };
  try {
    threads.reserve(count);
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&] { gate.wait(); });
  } catch (...) {
    end();
    throw;
  }
  end();
}

class TbbExecutor final : public Executor {
 public:
  explicit TbbExecutor(std::size_t threads) : threads_(threads) {
    if (threads > static_cast<std::size_t>(tbb::info::default_concurrency()))
      limit_.emplace(tbb::global_control::max_allowed_parallelism, threads);
    arena_.initialize(static_cast<int>(threads));
    try_threads(threads - 1);
    // oneTBB starts its workers, which stay, at the first work.
    run(threads, [](std::size_t) {});
  }

  void run(std::size_t count, TaskRef task) override {
    if (count <= 1) return run_range(0, count, task);
    arena_.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<std::size_t>(0, count, 1),
          [&](const auto& range) { run_range(range.begin(), range.end(), task); },
          tbb::simple_partitioner());
    });
  }

  std::size_t threads() const override { return threads_; }

 private:
  static void run_range(std::size_t first, std::size_t last, TaskRef task) {
    const FlushDenormals flush;
    for (std::size_t i = first; i < last; ++i) task(i);
  }

  std::size_t threads_;
  /// Lets oneTBB make more threads than there are cores if that was asked for. Not otherwise:
  /// it holds for the whole process, and the lowest of several counts.
  std::optional<tbb::global_control> limit_;
  tbb::task_arena arena_;
};

}  // namespace

std::unique_ptr<Executor> make_parallel_executor(std::size_t threads) {
  return std::make_unique<TbbExecutor>(threads);
}

const char* executor_backend() { return "oneTBB " TBB_VERSION_STRING; }

}  // namespace nabla

#endif  // NABLA_EXECUTOR_TBB
