// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "nabla/math/algorithm.h"

namespace nabla {

/// The rule that moves the parameters, as PyTorch defines it, and its constants.
struct OptimizerOptions {
  /// Unset: adam for the rows of a table, else sgd (nabla/train/resolved.h).
  std::optional<Algorithm> algorithm = {};
  /// μ of momentum and nesterov, 0 to below 1.
  double momentum = 0.9;
  /// Decay of adam's and adamw's mean of the nabla, 0 to below 1.
  double beta1 = 0.9;
  /// Decay of adam's and adamw's mean of its square, 0 to below 1.
  double beta2 = 0.999;
  /// Added to the root in adagrad, rmsprop, adam and adamw; ≥ 0.
  double epsilon = 1e-8;
  /// α, the decay of rmsprop's mean of the squared nabla, 0 to below 1.
  double decay = 0.99;
  /// adamw: each step first takes η · weight_decay of every weight, biases excepted; ≥ 0.
  double weight_decay = 0.01;

  /// Sparse rows: the weights of inputs without entries in a mini-batch are not moved, nor are
  /// their slots, nor do penalties and weight decay reach them (PyTorch's SparseAdam, for any
  /// rule). Max-norm still bounds them.
  bool lazy = false;

  /// The rule of a step, which knows no rows: sgd if algorithm is unset.
  Algorithm rule() const { return algorithm.value_or(Algorithm::kSgd); }
};

/// Throws ConfigError naming the first key that is out of range.
void validate(const OptimizerOptions& options);

/// Penalties added to the mean cost, over the weights only: l1·Σ|w| + ½·l2·Σw²; both ≥ 0.
struct Penalty {
  double l1 = 0;
  double l2 = 0;
};

}  // namespace nabla
