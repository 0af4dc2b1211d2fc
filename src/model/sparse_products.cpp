// SPDX-License-Identifier: MIT
#include "model/sparse_products.h"

#include "math/sparse_product.h"

namespace nabla {

template <class P>
void weigh_entries(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, RowRange rows,
                   UnitRange neurons, MatrixView<SumOf<P>> z) {
  using T = SumOf<P>;
  const MatrixView<const T> weight = columns(network.weight(0), neurons);
  const T factor = workspace.weight_factor();
  // Operands of mixed precision are rounded, so the factor comes before that.
  multiply_sparse<OperandOf<P>>(
      {.rows = rows.count,
       .cols = neurons.count,
       .a = workspace.sparse_inputs().rows() + rows.first,
       .alpha = kHasImages<P> ? workspace.scale(0) : workspace.scale(0) * factor,
       .x = weight.data,
       .x_stride = weight.stride,
       .x_factor = kHasImages<P> ? factor : T(1),
       .c = z.data,
       .c_stride = z.stride,
       .block = workspace.sparse_block(),
       .places = nullptr,
       .first_place = 0});
}

template <class P>
void add_nabla_w(Workspace<P>& workspace, const TouchedColumns<SumOf<P>>& entries, RowRange rows,
                 UnitRange neurons, SumOf<P> alpha, MatrixView<SumOf<P>> nabla_w, bool compact) {
  const MatrixView<const SumOf<P>> delta = columns(workspace.delta(0, rows), neurons);
  multiply_transposed_sparse<OperandOf<P>>({.rows = rows.count,
                                            .cols = neurons.count,
                                            .a = entries.rows() + rows.first,
                                            .alpha = alpha * workspace.scale(0),
                                            .x = delta.data,
                                            .x_stride = delta.stride,
                                            .x_factor = 1,
                                            .c = nabla_w.data,
                                            .c_stride = nabla_w.stride,
                                            .block = workspace.sparse_block(),
                                            .places = compact ? entries.places() : nullptr,
                                            .first_place = entries.first_column()});
}

template void weigh_entries(const Network<float>&, Workspace<Float32>&, RowRange, UnitRange,
                            MatrixView<float>);
template void add_nabla_w(Workspace<Float32>&, const TouchedColumns<float>&, RowRange, UnitRange,
                          float, MatrixView<float>, bool);
template void weigh_entries(const Network<float>&, Workspace<Bfloat16>&, RowRange, UnitRange,
                            MatrixView<float>);
template void add_nabla_w(Workspace<Bfloat16>&, const TouchedColumns<float>&, RowRange, UnitRange,
                          float, MatrixView<float>, bool);
template void weigh_entries(const Network<double>&, Workspace<Float64>&, RowRange, UnitRange,
                            MatrixView<double>);
template void add_nabla_w(Workspace<Float64>&, const TouchedColumns<double>&, RowRange, UnitRange,
                          double, MatrixView<double>, bool);

}  // namespace nabla
