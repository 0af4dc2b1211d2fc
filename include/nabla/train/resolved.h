// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

namespace nabla {

// What options leave to the training rows. Trainer and make_model resolve it themselves; callers
// ask to know or to record it.

/// Returns the options with algorithm, learning rate and epochs set. An unset algorithm becomes
/// adam for the rows of a table, else sgd; an unset rate that of the algorithm
/// (AlgorithmTraits::default_rate); and unset epochs 20,000 divided by the mini-batches of an
/// epoch, rounded up, within 10 and 200.
TrainOptions resolved(const TrainOptions& options, const Dataset& train);

/// Returns the options with normalize and sparse set and, for a regression, standardize_targets. An
/// unset choice of the targets becomes true on the rows of a table, unless output or cost take only
/// targets in an interval; sparse becomes true for sparse rows that are no table, and for others
/// if few of their numbers are not 0. Throws ConfigError if options contradict sparse rows.
DataOptions resolved(const DataOptions& options, const NetworkOptions& network,
                     const TrainOptions& training, const Dataset& train);

}  // namespace nabla
