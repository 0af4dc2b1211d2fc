// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace nabla {

enum class LastBatch { kKeep, kDrop };

struct TrainOptions {
  /// Passes over the training rows; at least 1.
  std::size_t epochs = 30;
  /// Rows per mini-batch; 0: all of them (full batch).
  std::size_t batch_size = 10;
  /// η > 0.
  double learning_rate = 0.5;
  /// Of initial parameters and epoch orders.
  std::uint64_t seed = 1;
  /// A new order of the rows every epoch.
  bool shuffle = true;
  /// Whether a ragged last mini-batch is trained on.
  LastBatch last_batch = LastBatch::kKeep;
  /// Penalty ½·l2·Σw² over the weights, not the biases; ≥ 0. The book's λ is l2 = λ/n.
  double l2 = 0;
  /// Evaluate validation and test rows every so many epochs; 0: only after the last.
  std::size_t evaluate_every = 1;
};

}  // namespace nabla
