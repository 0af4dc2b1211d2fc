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
/// been begun with room for those of each row.
template <class P>
void gather_into(Workspace<P>& workspace, const Dataset& data,
                 const InputTransform<SumOf<P>>& transform,
                 std::span<const std::uint32_t> data_rows, RowRange rows,
                 const Dropout* dropout = nullptr) {
  if (!workspace.is_sparse()) {
    const MatrixView<SumOf<P>> inputs = workspace.activation(0, rows);
    gather_inputs(data, transform, data_rows, inputs);
    if (dropout != nullptr) dropout->apply(workspace, 0, rows, {0, inputs.cols});
    workspace.round_activation(0, rows, {0, inputs.cols});
    return;
  }
  SparseInputs<SumOf<P>>& inputs = workspace.sparse_inputs();
  for (std::size_t i = 0; i < rows.count; ++i) {
    const std::size_t r = rows.first + i;
    inputs.set_size(
        r, gather_entries(data, transform, data_rows[i], inputs.columns(r), inputs.values(r)));
  }
  if (dropout != nullptr) dropout->apply(inputs, rows);
  workspace.round_entries(rows);
}

}  // namespace nabla
