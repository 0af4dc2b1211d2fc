// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "nabla/data/data_options.h"
#include "nabla/data/folds.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/network_options.h"
#include "nabla/train/train_options.h"

#include "experiment/scale_options.h"
#include "experiment/sweep_options.h"

namespace nabla {

enum class Precision { kFloat32, kFloat64 };

struct OutputOptions {
  /// Folder of the run; empty: runs/<config name>.
  std::filesystem::path dir;
  /// Write into an existing run's folder instead of appending -2, -3, …
  bool overwrite = false;
  /// A checkpoint every so many epochs; 0: only where the training is interrupted.
  std::size_t checkpoint_every = 1;
  /// Write report.html into the folder once the training has ended.
  bool report = false;
};

/// Everything that a configuration file says.
struct ExperimentOptions {
  DataOptions data;
  NetworkOptions network;
  TrainOptions train;
  Precision precision = Precision::kFloat32;
  ParallelOptions parallel;
  OutputOptions output;
  ScaleOptions scale;
  SweepOptions sweep;
  FoldOptions crossval;
};

}  // namespace nabla
