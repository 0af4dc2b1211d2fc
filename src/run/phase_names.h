// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/engine/phase_seconds.h"

namespace nabla {

/// A phase of training as files and tables call it.
struct NamedPhase {
  const char* name;
  double PhaseSeconds::*seconds;
};

/// In the order in which they happen.
inline constexpr NamedPhase kPhases[] = {
    {"gather", &PhaseSeconds::gather},     {"feedforward", &PhaseSeconds::feedforward},
    {"backprop", &PhaseSeconds::backprop}, {"reduce_step", &PhaseSeconds::reduce_step},
    {"idle", &PhaseSeconds::idle},         {"other", &PhaseSeconds::other},
};

}  // namespace nabla
