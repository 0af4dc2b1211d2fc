// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

namespace nabla {

/// Reads rows as load_data does for a model that is there, which decides whether they may lack
/// features: those of npz and pkl files may. Throws as load_data does.
DataSplit load_rows(const DataOptions& options);

}  // namespace nabla
