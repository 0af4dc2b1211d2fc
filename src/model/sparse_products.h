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

/// nabla_w of the columns that some entries of the mini-batch touch: row c of C ← beta · row c +
/// alpha · s · Σ_rows a_c δ for each touched column c, and no other row. C is [inputs × neurons].
template <class P>
void accumulate_touched(Workspace<P>& workspace, const EntriesByColumn<SumOf<P>>& entries,
                        UnitRange neurons, SumOf<P> alpha, SumOf<P> beta, MatrixView<SumOf<P>> c);

/// The same of the terms [begins[i], ends[i]) of `entries` for rows i of C alone, `count` of them:
/// row i of C ← s · Σ a δ over its terms.
template <class P>
void sum_terms(Workspace<P>& workspace, const EntriesByColumn<SumOf<P>>& entries, UnitRange neurons,
               std::size_t count, const std::size_t* begins, const std::size_t* ends,
               MatrixView<SumOf<P>> c);

}  // namespace nabla
