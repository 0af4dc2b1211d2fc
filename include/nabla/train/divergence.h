// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace nabla {

/// Where a training diverged, and what is known of the cause.
struct Divergence {
  /// The epoch and the mini-batch, from 1, and their learning rate. The mini-batch is 0 if the
  /// evaluation at the end of the epoch showed it.
  std::size_t epoch = 0;
  std::size_t batch = 0;
  double rate = 0;
  /// Then the evaluated rows, "validation" or "test", and the first of them, from 1, whose outputs
  /// or cost are NaN or infinite.
  std::string rows = {};
  std::size_t row = 0;
  /// The place of that row, as RowOrigin::place gives it; empty if it comes from no file.
  std::string place = {};
  /// The cost of the first mini-batch is NaN or infinite. No step had been made.
  bool is_initial = false;
  /// The step divided 0 by 0, as OptimizerOptions::epsilon is 0.
  bool is_by_epsilon = false;
  /// The largest magnitude among the inputs of the network, and among the targets of a regression,
  /// over the training rows; 0 if their normalisation scales each of them.
  double largest_input = 0;
  double largest_target = 0;
};

}  // namespace nabla
