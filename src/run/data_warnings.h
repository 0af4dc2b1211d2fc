// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// Returns the warnings of the reading, and those of targets of training rows that do not look as
/// if they were meant: a single class, so many that they are rather values or identifiers, or one
/// that seems to be the name of a column. One line each.
std::vector<std::string> data_warnings(const DataSplit& data);

}  // namespace nabla
