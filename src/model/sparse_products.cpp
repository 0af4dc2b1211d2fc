// SPDX-License-Identifier: MIT
#include "model/sparse_products.h"

#include "math/row_sums.h"

namespace nabla {

template <class P>
void weigh_entries(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, RowRange rows,
                   UnitRange neurons, MatrixView<SumOf<P>> z) {
  using T = SumOf<P>;
  const SparseInputs<T>& inputs = workspace.sparse_inputs();
  const MatrixView<const T> weight = columns(network.weight(0), neurons);
  const T factor = workspace.weight_factor();
  sum_rows<OperandOf<P>>({.count = rows.count,
                          .cols = neurons.count,
                          .begins = inputs.begins() + rows.first,
                          .ends = inputs.ends() + rows.first,
                          .indices = inputs.columns(),
                          .values = inputs.values(),
                          .alpha = kHasImages<P> ? workspace.scale(0) : workspace.scale(0) * factor,
                          .x = weight.data,
                          .x_stride = weight.stride,
                          .x_factor = factor,
                          .beta = 0,
                          .c = z.data,
                          .c_stride = z.stride,
                          .rows = nullptr});
}

namespace {

/// C ← beta · C + alpha · s · Σ a δ over the terms of each of its rows.
template <class P>
void sum_deltas(Workspace<P>& workspace, const EntriesByColumn<SumOf<P>>& entries,
                UnitRange neurons, std::size_t count, const std::size_t* begins,
                const std::size_t* ends, const std::uint32_t* rows, SumOf<P> alpha, SumOf<P> beta,
                MatrixView<SumOf<P>> c) {
  using T = SumOf<P>;
  const MatrixView<const T> delta = columns(workspace.delta(0, {0, workspace.rows()}), neurons);
  sum_rows<OperandOf<P>>({.count = count,
                          .cols = neurons.count,
                          .begins = begins,
                          .ends = ends,
                          .indices = entries.rows(),
                          .values = entries.values(),
                          .alpha = alpha * workspace.scale(0),
                          .x = delta.data,
                          .x_stride = delta.stride,
                          .x_factor = 1,
                          .beta = beta,
                          .c = c.data,
                          .c_stride = c.stride,
                          .rows = rows});
}

}  // namespace

template <class P>
void accumulate_touched(Workspace<P>& workspace, const EntriesByColumn<SumOf<P>>& entries,
                        UnitRange neurons, SumOf<P> alpha, SumOf<P> beta, MatrixView<SumOf<P>> c) {
  sum_deltas(workspace, entries, neurons, entries.size(), entries.begins(), entries.ends(),
             entries.touched(), alpha, beta, c);
}

template <class P>
void sum_terms(Workspace<P>& workspace, const EntriesByColumn<SumOf<P>>& entries, UnitRange neurons,
               std::size_t count, const std::size_t* begins, const std::size_t* ends,
               MatrixView<SumOf<P>> c) {
  sum_deltas(workspace, entries, neurons, count, begins, ends, nullptr, SumOf<P>(1), SumOf<P>(0),
             c);
}

template void weigh_entries(const Network<float>&, Workspace<Float32>&, RowRange, UnitRange,
                            MatrixView<float>);
template void weigh_entries(const Network<float>&, Workspace<Bfloat16>&, RowRange, UnitRange,
                            MatrixView<float>);
template void weigh_entries(const Network<double>&, Workspace<Float64>&, RowRange, UnitRange,
                            MatrixView<double>);
template void accumulate_touched(Workspace<Float32>&, const EntriesByColumn<float>&, UnitRange,
                                 float, float, MatrixView<float>);
template void sum_terms(Workspace<Float32>&, const EntriesByColumn<float>&, UnitRange, std::size_t,
                        const std::size_t*, const std::size_t*, MatrixView<float>);
template void accumulate_touched(Workspace<Bfloat16>&, const EntriesByColumn<float>&, UnitRange,
                                 float, float, MatrixView<float>);
template void sum_terms(Workspace<Bfloat16>&, const EntriesByColumn<float>&, UnitRange, std::size_t,
                        const std::size_t*, const std::size_t*, MatrixView<float>);
template void accumulate_touched(Workspace<Float64>&, const EntriesByColumn<double>&, UnitRange,
                                 double, double, MatrixView<double>);
template void sum_terms(Workspace<Float64>&, const EntriesByColumn<double>&, UnitRange, std::size_t,
                        const std::size_t*, const std::size_t*, MatrixView<double>);

}  // namespace nabla
