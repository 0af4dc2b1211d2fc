// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "nabla/data/augment_options.h"
#include "nabla/data/class_weights.h"
#include "nabla/data/data_options.h"
#include "nabla/model/cost.h"
#include "nabla/model/network_options.h"
#include "nabla/optimize/optimizer_options.h"
#include "nabla/optimize/schedule_options.h"

namespace nabla {

/// Whether a last mini-batch that has fewer rows than the others is kept.
enum class LastBatch { kKeep, kDrop };

/// The figure of the validation rows by which epochs are compared: the accuracy (R² of a
/// regression), of which more is better, or the cost, of which less is.
enum class Monitor { kValidationAccuracy, kValidationCost };

/// Early stopping, and the epoch whose model is kept.
struct StopOptions {
  /// Training stops after so many evaluations in turn without improvement; 0: never. Needs
  /// validation rows.
  std::size_t patience = 0;
  /// An improvement is by more than this; ≥ 0.
  double min_delta = 0;
  /// Unset: the cost.
  std::optional<Monitor> monitor = {};
  /// With validation rows, early stopping or not, the trained model has the parameters of the epoch
  /// that is best by `monitor`, of equals that of the lower cost, then the earlier one. Else, and
  /// without validation rows, it has those of the last epoch.
  bool restore_best = true;
};

/// How a model is trained.
struct TrainOptions {
  /// The cost that is minimised, which becomes the model's; unset: the model's own, which
  /// make_model chooses: cross-entropy with sigmoid or softmax outputs, mse for a regression.
  std::optional<Cost> cost = {};
  /// δ of the cost kHuber, see CostFunction; above 0.
  double huber_delta = 1;
  /// Passes over the training rows; at least 1. Unset: by the number of mini-batches
  /// (nabla/train/resolved.h).
  std::optional<std::size_t> epochs = {};
  /// Rows per mini-batch; 0: all of them (full batch).
  std::size_t batch_size = 32;
  /// η > 0. Unset: that of the algorithm (AlgorithmTraits::default_rate).
  std::optional<double> learning_rate = {};
  /// The seed of initial parameters, epoch orders, dropout masks and the deformations of images.
  std::uint64_t seed = 1;
  /// A new order of the rows every epoch.
  bool shuffle = true;
  /// Whether a last mini-batch of fewer rows is trained on.
  LastBatch last_batch = LastBatch::kKeep;
  /// Penalty l1·Σ|w| over the weights, not the biases; ≥ 0.
  double l1 = 0;
  /// Penalty ½·l2·Σw² over the weights, not the biases; ≥ 0. The book's λ is l2 = λ/n.
  double l2 = 0;
  /// After each step the incoming weights of each neuron are scaled down to this L2 norm if
  /// theirs is larger; ≥ 0, 0: off.
  double max_norm = 0;
  /// The averaged nabla of the cost, without penalties, is scaled down to this L2 norm over all
  /// parameters if its own is larger; ≥ 0, 0: off.
  double clip_norm = 0;
  /// Label smoothing s, 0 ≤ s < 1: a classification's targets become (1−s)y + s/classes with
  /// softmax and (1−s)y + s/2 with sigmoid outputs, while training only.
  double label_smoothing = 0;
  /// How much the rows of each class count while training, beside Dataset::weights.
  ClassWeights class_weights = {};
  /// The rule by which the parameters move.
  OptimizerOptions optimizer = {};
  /// Deformations of the training images.
  AugmentOptions augment = {};
  /// Evaluate validation and test rows every so many epochs; 0: only after the last.
  std::size_t evaluate_every = 1;
  /// The precision of the model that make_model makes. A model that is trained further keeps its
  /// own.
  Precision precision = Precision::kFloat32;
  ScheduleOptions schedule = {};
  StopOptions stop = {};

  /// Rows per mini-batch if there are `rows` to train on: batch_size, or all if they are fewer.
  std::size_t batch_rows(std::size_t rows) const {
    return batch_size == 0 ? rows : std::min(batch_size, rows);
  }
};

/// Throws ConfigError naming the first key that is out of range.
void validate(const StopOptions& options);

/// Throws ConfigError naming the first key that is out of range or contradicts another.
void validate(const TrainOptions& options);

/// Throws as validate of each does, and for options of a training that contradict those of its
/// network or of its data, whatever rows the data turn out to have.
void validate(const TrainOptions& options, const NetworkOptions& network, const DataOptions& data);

}  // namespace nabla
