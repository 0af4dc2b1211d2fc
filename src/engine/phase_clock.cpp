// SPDX-License-Identifier: MIT
#include "engine/phase_clock.h"

#include <algorithm>

namespace nabla {

PhaseSeconds PhaseClock::total() const {
  if (measured_ == 0) return {};
  double sums[kPhaseCount] = {};
  for (const Slot& slot : slots_)
    for (std::size_t phase = 0; phase < kPhaseCount; ++phase) sums[phase] += slot.seconds[phase];
  const double scale = static_cast<double>(steps_) / static_cast<double>(measured_);
  const double share = scale / static_cast<double>(threads_);
  PhaseSeconds total{.gather = share * sums[0],
                     .feedforward = share * sums[1],
                     .backprop = share * sums[2],
                     .reduce_step = share * sums[3],
                     // One thread waits for all.
                     .exchange = scale * sums[4]};
  total.idle = std::max(0.0, scale * wall_ - total.sum());
  return total;
}

}  // namespace nabla
