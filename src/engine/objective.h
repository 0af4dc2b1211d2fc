// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <vector>

#include "nabla/model/cost.h"

#include "model/label_smoothing.h"

namespace nabla {

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
