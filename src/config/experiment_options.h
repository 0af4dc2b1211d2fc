// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/folds.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

#include "base/option.h"
#include "config/sweep_options.h"

namespace nabla {

/// The section [output].
struct OutputOptions {
  /// Folder of the run; empty: runs/<config name>.
  std::filesystem::path dir;
  /// Write into an existing run's folder instead of appending -2, -3, …
  bool overwrite = false;
  /// A checkpoint every so many epochs; 0: only if the training is interrupted.
  std::size_t checkpoint_every = 1;
  /// Write report.html into the folder once the training has ended.
  bool report = false;
};

/// The section [scale].
struct ScaleOptions {
  /// Thread counts, each 1 to kMaxThreads, none twice; the others are compared with the
  /// first. Empty: 1, 2, 4, … below the cores of this process, and all of them.
  std::vector<std::size_t> threads;
  /// Counts of ranks, none twice. Empty: 1, 2, 4, … below those that a launcher has started, and
  /// all of them.
  std::vector<std::size_t> ranks;
  /// Shards per mini-batch; 0: as parallel.shards.
  std::size_t shards = 0;
  /// Rows per mini-batch, 0 for all rows, none twice; empty: train.batch_size alone.
  std::vector<std::size_t> batch_sizes;
  /// Wall time of training for each batch size and count of threads and ranks, above 0.
  double seconds = 2;
};

/// Everything that a configuration file says, section by section; those of the training are in
/// `train`.
struct ExperimentOptions {
  DataOptions data;
  NetworkOptions network;
  TrainOptions train;
  ParallelOptions parallel;
  OutputOptions output;
  ScaleOptions scale;
  SweepOptions sweep;
  FoldOptions crossval;
};

OptionRows<OutputOptions> output_rows();
OptionRows<ScaleOptions> scale_rows();

/// Throws ConfigError naming the first key that contradicts another whatever the data turn out to
/// be. Looks at the sections that a training reads.
void validate_training(const ExperimentOptions& options);

}  // namespace nabla
