// SPDX-License-Identifier: MIT
#include "nabla/train/resolved.h"

#include <algorithm>
#include <cstddef>

#include "nabla/data/preprocess.h"

#include "train/sparse_choice.h"

namespace nabla {

namespace {

constexpr std::size_t kSteps = 20'000;
constexpr std::size_t kFewestEpochs = 10;
constexpr std::size_t kMostEpochsByRows = 200;

std::size_t rounded_up(std::size_t dividend, std::size_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

std::size_t epochs_for(const TrainOptions& options, std::size_t rows) {
  const std::size_t size = options.batch_rows(rows);
  if (size == 0) return kMostEpochsByRows;
  const std::size_t batches =
      options.last_batch == LastBatch::kDrop ? rows / size : rounded_up(rows, size);
  return std::clamp(rounded_up(kSteps, batches), kFewestEpochs, kMostEpochsByRows);
}

/// Returns whether the network may learn targets of any value.
bool takes_any_target(const NetworkOptions& network, const TrainOptions& training) {
  return network.output.value_or(Activation::kIdentity) == Activation::kIdentity &&
         !(training.cost && traits_of(*training.cost).needs_probabilities);
}

}  // namespace

TrainOptions resolved(const TrainOptions& options, const Dataset& train) {
  TrainOptions result = options;
  if (!result.optimizer.algorithm)
    result.optimizer.algorithm = train.is_table() ? Algorithm::kAdam : Algorithm::kSgd;
  if (!result.learning_rate)
    result.learning_rate = traits_of(*result.optimizer.algorithm).default_rate;
  if (!result.epochs) result.epochs = epochs_for(options, train.rows());
  return result;
}

DataOptions resolved(const DataOptions& options, const NetworkOptions& network,
                     const TrainOptions& training, const Dataset& train) {
  DataOptions result = options;
  result.normalize = resolved(options.normalize, train);
  if (!result.standardize_targets && train.task == Task::kRegression)
    result.standardize_targets = train.is_table() && takes_any_target(network, training);
  result.sparse = chooses_sparse(result, network, training, train);
  return result;
}

}  // namespace nabla
