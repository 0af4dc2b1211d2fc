// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/data/dataset.h"
#include "nabla/model/cost.h"
#include "nabla/train/train_options.h"

#include "base/option.h"

namespace nabla {

/// The keys of [train], with data.class-weights before them, and of [stop].
const OptionRows<TrainOptions>& train_rows();
const OptionRows<StopOptions>& stop_rows();

/// validate(options), and throws ConfigError naming the key that needs rows which `data` lacks.
void require_valid(const TrainOptions& options, const DataSplit& data);

/// Throws ConfigError if standardised targets, which may be any numbers, are not for that cost.
void require_raw_targets(Cost cost);

/// Throws ConfigError if mini-batches of so many rows (0: all) have no variance to normalise by.
void require_norm_rows(bool batch_norm, std::size_t rows);

}  // namespace nabla
