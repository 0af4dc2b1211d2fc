// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/engine/parallel_options.h"

#include "base/option.h"

namespace nabla {

/// The keys of [parallel].
const OptionRows<ParallelOptions>& parallel_rows();

}  // namespace nabla
