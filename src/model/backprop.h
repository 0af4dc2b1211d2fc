// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/feedforward.h"
#include "model/workspace.h"

namespace nabla {

/// δ^{i-1} = (δ^i · W_i) ⊙ f'(a^i) from the last layer, whose δ the cost has left in the
/// workspace, down to the first (Nielsen, chapter 2, BP2).
template <class T>
void backprop(const Network<T>& network, Workspace<T>& workspace, const Pass& pass);

/// Part of one layer's parameters: neurons [first, first + count) with all their inputs.
struct Neurons {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// nabla_w ← alpha · δᵀ · a + beta · nabla_w, the sum over `rows` of layer i's weight gradients
/// for some neurons (BP4). `nabla_w` is [neurons.count × inputs]; with alpha = −η/m and the
/// weights themselves in place of nabla_w it is the whole step of plain gradient descent.
template <class T>
void accumulate_nabla_w(Workspace<T>& workspace, std::size_t i, RowRange rows, Neurons neurons,
                        T alpha, T beta, MatrixView<T> nabla_w);

/// nabla_b ← alpha · Σ_rows δ + beta · nabla_b for some neurons of layer i (BP3).
template <class T>
void accumulate_nabla_b(Workspace<T>& workspace, std::size_t i, RowRange rows, Neurons neurons,
                        T alpha, T beta, std::span<T> nabla_b);

}  // namespace nabla
