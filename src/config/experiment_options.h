// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "nabla/data/data_options.h"
#include "nabla/data/folds.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

#include "config/scale_options.h"
#include "config/sweep_options.h"

namespace nabla {

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

/// Throws ConfigError naming the first key that contradicts another whatever the data turn out to
/// be. The sections for other commands than train are left out.
void validate_training(const ExperimentOptions& options);

/// The same for the section [sweep] alone; the keys of the error begin with "sweep.".
void validate(const SweepOptions& options);

}  // namespace nabla
