// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/math/activation.h"
#include "nabla/model/cost.h"

namespace nabla {

/// How label smoothing changes the targets 0 and 1 of a classification: y ← keep · y + shift
/// (Szegedy et al. 2016, section 7).
struct LabelSmoothing {
  double keep = 1;
  double shift = 0;
};

/// Smoothing by `amount` s, 0 ≤ s < 1: (1−s)y + s/outputs if the outputs are one
/// distribution (softmax), (1−s)y + s/2 if each is a probability by itself (sigmoid). Throws as
/// require_smoothable does if s is above 0.
LabelSmoothing label_smoothing(double amount, Activation output, Task task, std::size_t outputs);

/// Throws ConfigError unless labels can be smoothed: the targets are classes, and the outputs
/// probabilities. Nothing is said of a task or an output that is not known.
void require_smoothable(std::optional<Activation> output, std::optional<Task> task);

/// Changes gathered targets [rows × outputs].
template <class T>
void smooth_targets(const LabelSmoothing& smoothing, MatrixView<T> targets) {
  if (smoothing.keep == 1) return;
  for (std::size_t r = 0; r < targets.rows; ++r)
    for (T& y : targets.row(r))
      y = static_cast<T>(smoothing.keep * static_cast<double>(y) + smoothing.shift);
}

/// The function that a step minimises, penalties aside: the mean over a mini-batch's rows of their
/// weight times their cost at the smoothed targets. A cost alone is plain.
struct Objective {
  CostFunction cost;
  LabelSmoothing smoothing;
  std::vector<double> row_weights;  ///< one per data row; empty: all 1

  Objective(const CostFunction& function) : cost(function) {}
  Objective(Cost kind) : cost(kind) {}
  Objective(const CostFunction& function, LabelSmoothing labels, std::vector<double> weights)
      : cost(function), smoothing(labels), row_weights(std::move(weights)) {}
};

}  // namespace nabla
