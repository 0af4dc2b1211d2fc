// SPDX-License-Identifier: MIT
#include "model/backprop.h"

#include "nabla/math/elementwise.h"

#include "math/gemm.h"

namespace nabla {

namespace {

/// The columns of δ that belong to some neurons.
template <class T>
MatrixView<const T> delta_of(Workspace<T>& workspace, std::size_t i, RowRange rows,
                             Neurons neurons) {
  const MatrixView<T> delta = workspace.delta(i, rows);
  return {delta.data + neurons.first, delta.rows, neurons.count, delta.stride};
}

}  // namespace

template <class T>
void backprop(const Network<T>& network, Workspace<T>& workspace, const Pass& pass) {
  const auto layers = network.topology().layers();
  for (std::size_t i = layers.size() - 1; i > 0; --i) {
    for_each_product(pass, pass.merge_backward, i, [&](RowRange part) {
      // δ^{i-1} [rows × inputs] = δ^i [rows × outputs] · W [outputs × inputs]
      gemm<T>(Op::kNone, Op::kNone, T(1), workspace.delta(i, part), network.weight(i), T(0),
              workspace.delta(i - 1, part));
    });
    elementwise::multiply_derivative<T>(function_of(layers[i - 1].activation),
                                        workspace.activation(i, pass.rows()),
                                        workspace.delta(i - 1, pass.rows()));
  }
}

template <class T>
void accumulate_nabla_w(Workspace<T>& workspace, std::size_t i, RowRange rows, Neurons neurons,
                        T alpha, T beta, MatrixView<T> nabla_w) {
  // nabla_w [neurons × inputs] = δᵀ [neurons × rows] · a [rows × inputs]
  gemm<T>(Op::kTranspose, Op::kNone, alpha, delta_of(workspace, i, rows, neurons),
          workspace.activation(i, rows), beta, nabla_w);
}

template <class T>
void accumulate_nabla_b(Workspace<T>& workspace, std::size_t i, RowRange rows, Neurons neurons,
                        T alpha, T beta, std::span<T> nabla_b) {
  elementwise::column_sums(alpha, delta_of(workspace, i, rows, neurons), beta, nabla_b);
}

template void backprop(const Network<float>&, Workspace<float>&, const Pass&);
template void accumulate_nabla_w(Workspace<float>&, std::size_t, RowRange, Neurons, float, float,
                                 MatrixView<float>);
template void accumulate_nabla_b(Workspace<float>&, std::size_t, RowRange, Neurons, float, float,
                                 std::span<float>);
template void backprop(const Network<double>&, Workspace<double>&, const Pass&);
template void accumulate_nabla_w(Workspace<double>&, std::size_t, RowRange, Neurons, double, double,
                                 MatrixView<double>);
template void accumulate_nabla_b(Workspace<double>&, std::size_t, RowRange, Neurons, double, double,
                                 std::span<double>);

}  // namespace nabla
