// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/phase_seconds.h"

namespace nabla {

enum class Phase : std::size_t { kGather, kFeedforward, kBackprop, kReduceStep, kExchange };
inline constexpr std::size_t kPhaseCount = 5;

/// Measures the phases of the step. Reading the clock takes longer than some phases of a small
/// network, so only each kInterval-th step is measured and stands for the others.
class PhaseClock {
  using Clock = std::chrono::steady_clock;
  /// Seconds in each phase, on a cache line of its own because tasks write side by side.
  struct alignas(kAlignment) Slot {
    double seconds[kPhaseCount] = {};
  };

 public:
  /// For steps whose parallel phases have at most `slots` tasks, on so many threads.
  PhaseClock(std::size_t slots, std::size_t threads) : threads_(threads), slots_(slots) {}

  void begin_step() {
    measuring_ = steps_++ % kInterval == 0;
    if (measuring_) start_ = Clock::now();
  }
  void end_step() {
    if (!measuring_) return;
    ++measured_;
    wall_ += seconds(Clock::now() - start_);
  }

  /// Calls work(), part of this phase, and takes its time; just calls it in a step that is not
  /// measured. Tasks that run at the same time have different slots.
  template <class Work>
  void measure(Phase phase, std::size_t slot, Work&& work) {
    if (!measuring_) return work();
    const Clock::time_point start = Clock::now();
    work();
    slots_[slot].seconds[static_cast<std::size_t>(phase)] += seconds(Clock::now() - start);
  }

  /// All steps so far.
  PhaseSeconds total() const;

 private:
  static constexpr std::size_t kInterval = 16;
  static double seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

  std::size_t threads_;
  std::vector<Slot> slots_;
  std::size_t steps_ = 0;
  std::size_t measured_ = 0;
  double wall_ = 0;
  bool measuring_ = false;
  Clock::time_point start_;
};

/// Runs the parallel parts of a step and has their time taken.
struct PhaseTasks {
  Executor& executor;
  PhaseClock& clock;

  /// work(0) … work(count − 1), each timed on a slot of its own, `first_slot` onwards.
  template <class Work>
  void run(Phase phase, std::size_t first_slot, std::size_t count, Work work) const {
    executor.run(count,
                 [&](std::size_t i) { clock.measure(phase, first_slot + i, [&] { work(i); }); });
  }
};

}  // namespace nabla
