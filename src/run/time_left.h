// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/train/trainer.h"

namespace nabla {

/// Returns the seconds that a training will still take at its pace: it has trained as far as
/// `report` says, evaluations between the epochs included, in `seconds` > 0 since it started with
/// `rows_before` rows trained earlier, of all its epochs.
double time_left(const BatchReport& report, double rows_before, double seconds);

}  // namespace nabla
