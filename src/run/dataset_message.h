// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "nabla/data/dataset.h"

namespace nabla {

/// All of a data set but its features, for other processes of the same build.
std::string to_bytes(const Dataset& data);
/// The data set of such bytes, without features.
Dataset dataset_message(const std::string& bytes);

}  // namespace nabla
