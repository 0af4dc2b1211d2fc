// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/dataset.h"

namespace nabla {

/// Returns the first rows for people, as wide as the terminal of standard output: pictures if they
/// are images, else a table.
std::string sample_text(const Dataset& data);

}  // namespace nabla
