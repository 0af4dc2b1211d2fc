// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace nabla {

/// The side of a pool that a job sees.
class PoolSlot {
 public:
  virtual ~PoolSlot() = default;
  /// Whether the job is to end soon.
  virtual bool is_stopping() const = 0;
  /// From here on the job only waits, for files to be written: its threads are free for the next
  /// job. Once at most.
  virtual void release_threads() = 0;
};

/// Something that runs on a thread of its own.
struct PoolJob {
  /// Threads that it keeps busy, at least 1.
  std::size_t threads = 1;
  /// Bytes that it needs.
  double memory = 0;
  std::function<void(PoolSlot& slot)> run;
};

/// Jobs that run side by side take no more than this together; those that have released their
/// threads take memory only. A job alone always runs.
struct PoolLimits {
  std::size_t threads = 1;
  std::size_t jobs = 1;
  double memory = 0;
};

/// Runs the jobs, started in their order as soon as the limits let the next one in. Calls `tick` on
/// the calling thread about ten times a second, and once more at the end; from its first false on,
/// no more jobs start and those that run are told to stop. A job that throws stops
/// the others in the same way; its exception, the first one of several, is thrown here when all
/// have ended.
void run_pool(std::span<const PoolJob> jobs, const PoolLimits& limits,
              const std::function<bool()>& tick);

}  // namespace nabla
