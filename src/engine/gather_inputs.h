// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "nabla/data/dataset.h"

#include "base/row_range.h"
#include "data/gather.h"
#include "data/input_transform.h"
#include "model/dropout.h"
#include "model/workspace.h"

namespace nabla {

/// Fills the inputs of some rows of the workspace, which are entries if its first layer is
/// input-major, from data rows; without those that `dropout` drops, unless it is null. Entries have
/// been begun with room for those of each row. In mixed precision they are rounded as they are
/// written.
template <class P>
void gather_into(Workspace<P>& workspace, const Dataset& data,
                 const InputTransform<SumOf<P>>& transform,
                 std::span<const std::uint32_t> data_rows, RowRange rows,
                 const Dropout* dropout = nullptr) {
  if (!workspace.is_sparse()) {
    gather_inputs(data, transform, data_rows, workspace.dense_inputs(rows));
    if (dropout != nullptr) dropout->apply_to_inputs(workspace, rows);
    return;
  }
  SparseInputs<SumOf<P>>& inputs = workspace.sparse_inputs();
  const bool drops = dropout != nullptr && dropout->drops(0);
  gather_entries(
      data, transform, data_rows, !drops && !kHasImages<P>,
      [&](std::size_t i) { return inputs.columns(rows.first + i); },
      [&](std::size_t i) { return inputs.values(rows.first + i); },
      [&](std::size_t i, const SparseRow<SumOf<P>>& row) {
        const std::size_t r = rows.first + i;
        inputs.set_row(r, row);
        if (drops) dropout->apply(row.columns, r, std::span(inputs.values(r), row.size()));
        if constexpr (kHasImages<P>)
          for (float& value : std::span(inputs.values(r), row.size()))
            value = to_float(to_bfloat16(value));
      });
}

}  // namespace nabla
