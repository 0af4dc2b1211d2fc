// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/optimize/optimizer_options.h"
#include "nabla/optimize/schedule_options.h"

#include "base/option.h"

namespace nabla {

/// Return the rows of the keys of [optimizer] and of [schedule].
const OptionRows<OptimizerOptions>& optimizer_rows();
const OptionRows<ScheduleOptions>& schedule_rows();

}  // namespace nabla
