// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nabla/engine/parallel_options.h"
#include "nabla/engine/phase_seconds.h"

#include "config/experiment_options.h"
#include "run/amdahl.h"

namespace nabla {

/// One batch size with one thread count: the round of median speed of those measured.
struct ScaleRow {
  std::size_t batch_size;  ///< rows, at most those there are
  std::size_t threads;
  std::size_t shards;
  Reduction reduction;
  double samples_per_second;
  double speedup;     ///< over the first thread count of the list
  double efficiency;  ///< speed-up per thread, that of the first being 1
  /// Wall seconds per 1,000,000 samples.
  PhaseSeconds phase_seconds;
  double seconds;       ///< of training, all rounds
  std::size_t samples;  ///< trained on, all rounds
};

/// Amdahl's law for one batch size, from its thread counts that the machine has cores for.
struct ScaleFit {
  std::size_t batch_size;
  std::optional<SerialFraction> serial;
};

struct ScaleResult {
  std::filesystem::path folder;  ///< empty where nothing was measured
  std::vector<ScaleRow> rows;    ///< by batch size, then by threads as listed
  std::vector<ScaleFit> fits;
  bool interrupted = false;
};

/// One round is over; for progress.
struct ScaleRound {
  std::size_t round;  ///< from 1
  std::size_t rounds;
  std::size_t batch_size;
  std::size_t threads;
  double samples_per_second;
};

/// All called on the thread that runs the study, never while it measures but for `stop`, which is
/// asked after each mini-batch. Any may be empty.
struct ScaleCallbacks {
  std::function<void(const ScaleRound&)> on_round;
  std::function<void(const std::string&)> on_warning;
  std::function<bool()> stop;
};

/// Trains the experiment with each batch size and thread count of options.scale, always from the
/// same start and without evaluation, and leaves config.ini and scale.csv in a folder of its own;
/// scale.csv is replaced after each round, so that it holds all that is known. The thread counts
/// take turns in short rounds, so that a machine whose speed drifts treats them alike. Warns where
/// there are fewer cores than threads, and where others used them (see CoreSharing). Throws as
/// load_data, plan_network and train do, DivergedError where training diverges.
ScaleResult run_scale(const ExperimentOptions& options, const ScaleCallbacks& callbacks);

/// 1, 2, 4, … below `cores`, and `cores`.
std::vector<std::size_t> doubled_up_to(std::size_t cores);

/// The rows as the text of scale.csv.
std::string scale_csv(const std::vector<ScaleRow>& rows);

}  // namespace nabla
