// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/phase_seconds.h"
#include "nabla/model/network.h"
#include "nabla/train/evaluation.h"

namespace nabla {

/// After an epoch: one line of metrics.csv.
struct EpochReport {
  std::size_t epoch = 0;  ///< from 1
  double seconds = 0;     ///< training time of this epoch
  double samples_per_second = 0;
  /// The epoch's by its schedule, without the factor of a warm-up.
  double learning_rate = 0;
  Score train;  ///< means over the epoch's rows as seen during training
  std::optional<Score> validation;
  std::optional<Score> test;
};

/// How the monitored figure has come along, turned so that more is better.
struct Improvement {
  double reference = -HUGE_VAL;     ///< the figure that the next one has to pass
  std::size_t since_stop = 0;       ///< evaluations since it was passed
  std::size_t since_reduction = 0;  ///< the same, or since the learning rate fell on a plateau
  std::size_t reductions = 0;       ///< times the learning rate fell
};

/// How far a training has come; all but its parameters. The order of an epoch's rows, and every
/// other random number, follows from the options and these counts.
struct TrainProgress {
  std::size_t epochs = 0;  ///< completed
  /// Within the epoch that follows: rows trained, their costs and misfits summed, seconds. 0 at the
  /// end of an epoch.
  std::size_t row = 0;
  double cost = 0;
  double misfit = 0;
  double epoch_seconds = 0;

  std::size_t rows_trained = 0;
  double train_seconds = 0;
  PhaseSeconds phase_seconds;  ///< as measured; `other` is 0
  EpochReport last;
  EpochReport best;
  Improvement improvement;
  bool is_early_stopped = false;
};

/// All that exact resumption needs: a training that goes on from it ends with the same bytes as one
/// that was never stopped. A value.
template <class T>
struct TrainState {
  TrainProgress progress;
  /// Flat arrays as Network::parameters(), padding included: now, after the last complete epoch
  /// (empty at its end, when it is the same), and after the best epoch (empty if it is not
  /// kept).
  AlignedArray<T> parameters;
  AlignedArray<T> last_good;
  AlignedArray<T> best;
  /// The optimiser's arrays, in its own order, and the steps it has made.
  std::vector<AlignedArray<T>> optimizer;
  std::uint64_t optimizer_steps = 0;
  /// The model's, whose products the training goes on with.
  Precision precision = std::is_same_v<T, double> ? Precision::kFloat64 : Precision::kFloat32;
  /// Within an epoch on sparse rows the first layer's weights are so many times those among the
  /// parameters: their decay is left to the end of the epoch.
  double weight_factor = 1;
};

}  // namespace nabla
