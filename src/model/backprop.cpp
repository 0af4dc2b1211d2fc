// SPDX-License-Identifier: MIT
#include "model/backprop.h"

#include "math/dropout.h"
#include "math/elementwise.h"
#include "math/gemm.h"

namespace nabla {

template <class T>
void backprop_layer(const Network<T>& network, Workspace<T>& workspace, std::size_t i,
                    RowRange rows, Neurons neurons) {
  const MatrixView<T> delta = columns(workspace.delta(i - 1, rows), neurons);
  // δ^{i-1} [rows × neurons] = δ^i [rows × outputs] · W [outputs × neurons]
  gemm<T>(Op::kNone, Op::kNone, workspace.scale(i), workspace.delta(i, rows),
          columns(network.weight(i), neurons), T(0), delta);
  const Activation activation = network.topology().layers()[i - 1].activation;
  const MatrixView<T> a = traits_of(activation).needs_z ? workspace.weighted_input(i - 1, rows)
                                                        : workspace.activation(i, rows);
  elementwise::multiply_derivative<T>(activation, columns(a, neurons), delta);
  if (workspace.scale(i) != T(1))
    zero_dropped<T>(columns(workspace.activation(i, rows), neurons), delta);
}

template <class T>
void accumulate_nabla_w(Workspace<T>& workspace, const Tile& tile, RowRange rows, T alpha, T beta,
                        MatrixView<T> nabla_w) {
  workspace.inputs(tile.layer, rows)
      .accumulate_nabla_w(alpha, columns(workspace.delta(tile.layer, rows), tile.neurons),
                          tile.inputs, beta, nabla_w);
}

template <class T>
void accumulate_nabla_b(Workspace<T>& workspace, const Tile& tile, RowRange rows, T alpha, T beta,
                        std::span<T> nabla_b) {
  elementwise::column_sums<T>(alpha, columns(workspace.delta(tile.layer, rows), tile.neurons), beta,
                              nabla_b);
}

template void backprop_layer(const Network<float>&, Workspace<float>&, std::size_t, RowRange,
                             Neurons);
template void accumulate_nabla_w(Workspace<float>&, const Tile&, RowRange, float, float,
                                 MatrixView<float>);
template void accumulate_nabla_b(Workspace<float>&, const Tile&, RowRange, float, float,
                                 std::span<float>);
template void backprop_layer(const Network<double>&, Workspace<double>&, std::size_t, RowRange,
                             Neurons);
template void accumulate_nabla_w(Workspace<double>&, const Tile&, RowRange, double, double,
                                 MatrixView<double>);
template void accumulate_nabla_b(Workspace<double>&, const Tile&, RowRange, double, double,
                                 std::span<double>);

}  // namespace nabla
