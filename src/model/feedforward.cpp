// SPDX-License-Identifier: MIT
#include "model/feedforward.h"

#include "nabla/math/elementwise.h"

#include "math/gemm.h"

namespace nabla {

template <class T>
void feedforward_layer(const Network<T>& network, Workspace<T>& workspace, std::size_t i,
                       RowRange rows, Neurons neurons) {
  const Activation activation = network.topology().layers()[i].activation;
  const bool keeps_z = traits_of(activation).needs_z;
  const std::span<const T> bias = network.bias(i).subspan(neurons.first, neurons.count);
  const MatrixView<T> a = columns(workspace.activation(i + 1, rows), neurons);
  const MatrixView<T> z = keeps_z ? columns(workspace.weighted_input(i, rows), neurons) : a;
  // z [rows × neurons] = a [rows × inputs] · Wᵀ [inputs × neurons]
  gemm<T>(Op::kNone, Op::kTranspose, workspace.scale(i), workspace.activation(i, rows),
          network.weight(i).row_range(neurons.first, neurons.count), T(0), z);
  if (keeps_z)
    elementwise::add_bias_keep_apply(activation, bias, z, a);
  else if (i + 1 < network.layers())
    elementwise::add_bias_apply(activation, bias, a);
}

template <class T>
void feedforward(const Network<T>& network, Workspace<T>& workspace, RowRange rows) {
  for (std::size_t i = 0; i < network.layers(); ++i)
    feedforward_layer(network, workspace, i, rows, {0, network.topology().layers()[i].outputs});
}

template void feedforward_layer(const Network<float>&, Workspace<float>&, std::size_t, RowRange,
                                Neurons);
template void feedforward_layer(const Network<double>&, Workspace<double>&, std::size_t, RowRange,
                                Neurons);
template void feedforward(const Network<float>&, Workspace<float>&, RowRange);
template void feedforward(const Network<double>&, Workspace<double>&, RowRange);

}  // namespace nabla
