// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/model/network.h"

#include "base/row_range.h"
#include "math/precision.h"
#include "model/sparse_inputs.h"
#include "model/units.h"
#include "model/workspace.h"

namespace nabla {

// The two products of a first layer that is fed with sparse rows, whose weights are input-major.

/// z ← s · a^0 · Wᵀ for some neurons, the first layer's weights counting weight_factor() times
/// themselves; z is [rows × neurons].
template <class P>
void weigh_entries(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, RowRange rows,
                   UnitRange neurons, MatrixView<SumOf<P>> z);

/// nabla_w ← nabla_w + alpha · s · Σ_rows a_c δ for each column c that the rows touch. nabla_w is
/// [inputs × neurons], or if it is `compact` has a row for each of entries.touched().
template <class P>
void add_nabla_w(Workspace<P>& workspace, const TouchedColumns<SumOf<P>>& entries, RowRange rows,
                 UnitRange neurons, SumOf<P> alpha, MatrixView<SumOf<P>> nabla_w, bool compact);

/// The same for all inputs and neurons; nabla_w is [inputs × neurons].
template <class P>
void add_nabla_w(Workspace<P>& workspace, RowRange rows, SumOf<P> alpha,
                 MatrixView<SumOf<P>> nabla_w) {
  TouchedColumns<SumOf<P>> entries(rows.count, nabla_w.rows, 0);
  entries.take(workspace.sparse_inputs(), rows.count, {0, nabla_w.rows});
  add_nabla_w(workspace, entries, rows, {0, nabla_w.cols}, alpha, nabla_w, false);
}

}  // namespace nabla
