// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

/// δ^{i-1} = s_i (δ^i · W_i) ⊙ f'(z^{i-1}) for some neurons of layer i − 1, i > 0 (Nielsen, chapter
/// 2, BP2). May run at the same time for other rows and for other neurons of the same layer.
template <class P>
void backprop_layer(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, std::size_t i,
                    RowRange rows, UnitRange neurons);

/// nabla_w ← alpha · s_i · δᵀ · a + beta · nabla_w, the sum over `rows` of the weight gradients of
/// a tile of layer i (BP4). `nabla_w` is [neurons × inputs]; with alpha = −η/m and the weights
/// themselves in place of nabla_w it is the whole step of plain gradient descent.
template <class P>
void accumulate_nabla_w(Workspace<P>& workspace, const Tile& tile, RowRange rows, SumOf<P> alpha,
                        SumOf<P> beta, MatrixView<SumOf<P>> nabla_w);

/// nabla_b ← alpha · Σ_rows δ + beta · nabla_b for the neurons of a tile (BP3).
template <class P>
void accumulate_nabla_b(Workspace<P>& workspace, const Tile& tile, RowRange rows, SumOf<P> alpha,
                        SumOf<P> beta, std::span<SumOf<P>> nabla_b);

}  // namespace nabla
