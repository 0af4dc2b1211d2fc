// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "nabla/train/train_state.h"

namespace nabla {

/// The counts and sums of a training as JSON; every number reads back as the same.
std::string write_progress(const TrainProgress& progress, std::uint64_t optimizer_steps);

/// The reverse. Throws DataError, `place` before it, for any text that write_progress would not
/// have written.
TrainProgress read_progress(const std::string& text, const std::string& place,
                            std::uint64_t& optimizer_steps);

}  // namespace nabla
