// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

namespace nabla {

/// Returns whether a training on the rows reads them as entries: as data.sparse says, or if it
/// leaves the choice, if that is faster by density, widths and batch alone. Sparse rows that are no
/// table are read so unless their images are deformed. `data.normalize` is resolved. Throws
/// ConfigError if options contradict entries: a normalisation that makes other numbers of zeros, or
/// deformed images.
bool chooses_sparse(const DataOptions& data, const NetworkOptions& network,
                    const TrainOptions& training, const Dataset& train);

}  // namespace nabla
