// SPDX-License-Identifier: MIT
#include "model/backprop.h"

#include "math/dropout.h"
#include "math/elementwise.h"
#include "math/gemm.h"

namespace nabla {

template <class P>
void backprop_layer(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, std::size_t i,
                    RowRange rows, UnitRange neurons) {
  using T = SumOf<P>;
  const MatrixView<T> delta = columns(workspace.delta(i - 1, rows), neurons);
  // δ^{i-1} [rows × neurons] = δ^i [rows × outputs] · W [outputs × neurons]
  gemm<OperandOf<P>>(Op::kNone, Op::kNone, workspace.scale(i), workspace.delta_operand(i, rows),
                     columns(workspace.weight_operand(network, i), neurons), T(0), delta);
  const Activation activation = network.topology().layers()[i - 1].activation;
  const MatrixView<T> a = traits_of(activation).needs_z ? workspace.weighted_input(i - 1, rows)
                                                        : workspace.activation(i, rows);
  elementwise::multiply_derivative<T>(activation, columns(a, neurons), delta);
  if (workspace.scale(i) != T(1))
    zero_dropped<T>(columns(workspace.activation(i, rows), neurons), delta);
}

template <class P>
void accumulate_nabla_w(Workspace<P>& workspace, const Tile& tile, RowRange rows, SumOf<P> alpha,
                        SumOf<P> beta, MatrixView<SumOf<P>> nabla_w) {
  workspace.inputs(tile.layer, rows)
      .accumulate_nabla_w(alpha, columns(workspace.delta_operand(tile.layer, rows), tile.neurons),
                          tile.inputs, beta, nabla_w);
}

template <class P>
void accumulate_nabla_b(Workspace<P>& workspace, const Tile& tile, RowRange rows, SumOf<P> alpha,
                        SumOf<P> beta, std::span<SumOf<P>> nabla_b) {
  elementwise::column_sums<SumOf<P>>(
      alpha, columns(workspace.delta(tile.layer, rows), tile.neurons), beta, nabla_b);
}

template void backprop_layer(const Network<float>&, Workspace<Float32>&, std::size_t, RowRange,
                             UnitRange);
template void accumulate_nabla_w(Workspace<Float32>&, const Tile&, RowRange, float, float,
                                 MatrixView<float>);
template void accumulate_nabla_b(Workspace<Float32>&, const Tile&, RowRange, float, float,
                                 std::span<float>);
template void backprop_layer(const Network<float>&, Workspace<Bfloat16>&, std::size_t, RowRange,
                             UnitRange);
template void accumulate_nabla_w(Workspace<Bfloat16>&, const Tile&, RowRange, float, float,
                                 MatrixView<float>);
template void accumulate_nabla_b(Workspace<Bfloat16>&, const Tile&, RowRange, float, float,
                                 std::span<float>);
template void backprop_layer(const Network<double>&, Workspace<Float64>&, std::size_t, RowRange,
                             UnitRange);
template void accumulate_nabla_w(Workspace<Float64>&, const Tile&, RowRange, double, double,
                                 MatrixView<double>);
template void accumulate_nabla_b(Workspace<Float64>&, const Tile&, RowRange, double, double,
                                 std::span<double>);

}  // namespace nabla
