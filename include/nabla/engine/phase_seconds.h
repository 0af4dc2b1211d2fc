// SPDX-License-Identifier: MIT
#pragma once

namespace nabla {

/// Where the wall time of training went, in seconds. The time of tasks that run side by side is
/// divided by the threads, so that the parts add up to the wall time.
struct PhaseSeconds {
  double gather = 0;       ///< rows into the workspace, converted and preprocessed
  double feedforward = 0;  ///< up to the cost
  double backprop = 0;     ///< deltas, and of several ranks the nabla
  double reduce_step = 0;  ///< nabla_w and nabla_b averaged, parameters moved
  double exchange = 0;     ///< waiting for what other ranks have to give
  double idle = 0;         ///< threads waiting for others or for tasks
  double other = 0;        ///< outside the step: shuffling, counting, callbacks

  PhaseSeconds& operator+=(const PhaseSeconds& more) {
    gather += more.gather;
    feedforward += more.feedforward;
    backprop += more.backprop;
    reduce_step += more.reduce_step;
    exchange += more.exchange;
    idle += more.idle;
    other += more.other;
    return *this;
  }
  double sum() const {
    return gather + feedforward + backprop + reduce_step + exchange + idle + other;
  }
};

}  // namespace nabla
