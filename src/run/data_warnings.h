// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// What the targets of training rows look as if it was not meant, one line each: a single class, so
/// many that they are rather values or identifiers, or one that seems to be the name of a column.
std::vector<std::string> data_warnings(const Dataset& train);

}  // namespace nabla
