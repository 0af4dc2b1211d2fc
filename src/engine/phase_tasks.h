// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/engine/executor.h"

#include "engine/phase_clock.h"

namespace nabla {

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
