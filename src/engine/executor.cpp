// SPDX-License-Identifier: MIT
#include "nabla/engine/executor.h"

#include <algorithm>
#include <sched.h>
#include <thread>

#include "nabla/engine/parallel_options.h"

#include "engine/executor_backend.h"

namespace nabla {

namespace {

class SerialExecutor final : public Executor {
 public:
  void run(std::size_t count, TaskRef task) override {
    const FlushDenormals flush;
    for (std::size_t i = 0; i < count; ++i) task(i);
  }
  std::size_t threads() const override { return 1; }
};

}  // namespace

std::unique_ptr<Executor> make_serial_executor() { return std::make_unique<SerialExecutor>(); }

std::unique_ptr<Executor> make_executor(std::size_t threads) {
  if (threads == 0) threads = std::min(available_cores(), kMaxThreads);
  return threads == 1 ? make_serial_executor() : make_parallel_executor(threads);
}

std::size_t available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) == 0)
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&cores)));
  return std::max(1U, std::thread::hardware_concurrency());
}

std::unique_ptr<Executor> make_executor(const ParallelOptions& options) {
  validate(options);
  return make_executor(options.threads);
}

}  // namespace nabla
