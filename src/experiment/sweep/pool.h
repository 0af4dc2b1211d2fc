// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>

namespace nabla {

/// Something that runs on a thread of its own.
struct PoolJob {
  /// Threads that it keeps busy, at least 1.
  std::size_t threads = 1;
  /// Bytes that it needs.
  double memory = 0;
  /// Ends soon once `stopping` holds.
  std::function<void(const std::atomic<bool>& stopping)> run;
};

/// What jobs that run side by side may take together. One alone always runs.
struct PoolLimits {
  std::size_t threads = 1;
  std::size_t jobs = 1;
  double memory = 0;
};

/// Runs the jobs, started in their order as soon as the limits let the next one in. Calls `tick` on
/// the calling thread about ten times a second, and once more at the end; from its first false on,
/// no more jobs start and those that run are told to stop. So it is when a job throws; its
/// exception, the first one of several, is thrown here when all have ended.
void run_pool(std::span<const PoolJob> jobs, const PoolLimits& limits,
              const std::function<bool()>& tick);

}  // namespace nabla
