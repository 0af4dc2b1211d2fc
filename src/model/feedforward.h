// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "model/workspace.h"

namespace nabla {

/// How the rows of a pass are cut into matrix products. The last bits of a product's rows may
/// depend on how many rows it has, so a pass over several shards must not simply multiply them at
/// once. `rows` is the size of a shard; each product covers one shard, or all whole shards of the
/// pass where `merged` says for a layer that BLAS gives the same bits either way.
struct ProductRows {
  std::size_t rows = 0;          ///< rows of a shard; 0: no cut at all
  const bool* merged = nullptr;  ///< one flag per layer, or null for none
};

/// Calls product(RowRange) for each product of `layer` in a pass over `rows`, first to last.
template <class F>
void for_each_product(const ProductRows& cut, std::size_t layer, RowRange rows, F&& product) {
  if (cut.rows == 0) return product(rows);
  const bool merged = cut.merged != nullptr && cut.merged[layer];
  const std::size_t whole = rows.count / cut.rows * cut.rows;
  const std::size_t step = merged && whole > 0 ? whole : cut.rows;
  for (std::size_t done = 0; done < rows.count; done += step)
    product(RowRange{rows.first + done, std::min(step, rows.count - done)});
}

/// a^{i+1} = f(a^i · W_iᵀ + b_i) for every layer but the last, whose weighted inputs without the
/// bias are left in a^L for the cost (output_layer.h). The inputs a^0 of `rows` must be there.
template <class T>
void feedforward(const Network<T>& network, Workspace<T>& workspace, RowRange rows,
                 const ProductRows& cut = {});

}  // namespace nabla
