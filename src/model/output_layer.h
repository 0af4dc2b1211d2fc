// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/data/dataset.h"
#include "nabla/model/cost.h"
#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/workspace.h"

namespace nabla {

/// The last layer, once feedforward has left its weighted inputs (without bias) in a^L and the
/// targets are in the workspace: a^L = f(z), the cost and the misfit of each row, and δ^L = ∂C/∂z
/// (BP1). Cost and δ are multiplied by the row's weight if the workspace has weights.
/// `misfit_scale`, if it is not empty, multiplies the differences of a regression's misfit, output
/// by output: from standardised targets to their own units. Cross-entropy is computed from z, as
/// ln(a) would have lost its digits.
template <class P>
void output_layer(const Network<ParameterOf<P>>& network, const CostFunction& cost, Task task,
                  Workspace<P>& workspace, RowRange rows,
                  std::span<const double> misfit_scale = {});

/// a^L = f(z) alone, for prediction.
template <class P>
void output_activation(const Network<ParameterOf<P>>& network, Workspace<P>& workspace,
                       RowRange rows);

/// Whether an output of multi-label says that the row has the label.
template <class T>
bool has_label(T output) {
  return output > T(0.5);
}

/// Index of the largest element, the first of equals.
template <class T>
std::size_t argmax(std::span<const T> values) {
  std::size_t best = 0;
  for (std::size_t j = 1; j < values.size(); ++j)
    if (values[j] > values[best]) best = j;
  return best;
}

}  // namespace nabla
