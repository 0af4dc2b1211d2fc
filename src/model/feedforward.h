// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/workspace.h"

namespace nabla {

/// The rows of one pass through the network: consecutive shards. The last bits of a matrix product
/// may depend on how many rows it has, so each shard is multiplied by itself, whoever passes it
/// together with which others; all of them at once only where that is known to give the same bits.
struct Pass {
  std::span<const RowRange> shards;
  /// One flag per layer: the shards may share one product. Empty: none may.
  std::span<const char> merge_forward;   ///< in feedforward
  std::span<const char> merge_backward;  ///< in backprop

  RowRange rows() const { return covered(shards); }
};

/// Calls product(RowRange) once for all rows of the pass, or shard by shard.
template <class F>
void for_each_product(const Pass& pass, std::span<const char> merge, std::size_t layer,
                      F&& product) {
  if (!merge.empty() && merge[layer]) return product(pass.rows());
  for (const RowRange shard : pass.shards) product(shard);
}

/// a^{i+1} = f(a^i · W_iᵀ + b_i) for every layer but the last, whose weighted inputs without the
/// bias are left in a^L for the cost (output_layer.h). The inputs a^0 of the rows must be there.
template <class T>
void feedforward(const Network<T>& network, Workspace<T>& workspace, const Pass& pass);

}  // namespace nabla
