// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// z ← s_i a^i · W_iᵀ for some neurons of layer i, s_i = Workspace::scale(i); z is
/// [rows × neurons].
template <class P>
void weigh_inputs(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, std::size_t i,
                  RowRange rows, UnitRange neurons, MatrixView<SumOf<P>> z);

/// a^{i+1} = f(s_i a^i · W_iᵀ + b_i), s_i = Workspace::scale(i), for some neurons of layer i. The
/// last layer's weighted inputs are left as they are, without the bias, for the cost
/// (output_layer.h). May run at the same time for other rows and for other neurons of the same
/// layer.
template <class P>
void feedforward_layer(const Network<ParameterOf<P>>& network, Workspace<P>& workspace,
                       std::size_t i, RowRange rows, UnitRange neurons);

}  // namespace nabla
