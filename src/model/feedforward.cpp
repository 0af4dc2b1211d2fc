// SPDX-License-Identifier: MIT
#include "model/feedforward.h"

#include "math/elementwise.h"
#include "model/sparse_products.h"

namespace nabla {

template <class P>
void weigh_inputs(const Network<ParameterOf<P>>& network, Workspace<P>& workspace, std::size_t i,
                  RowRange rows, UnitRange neurons, MatrixView<SumOf<P>> z) {
  if (network.topology().layers()[i].input_major)
    return weigh_entries(network, workspace, rows, neurons, z);
  workspace.inputs(i, rows).weigh(
      workspace.weight_operand(network, i).row_range(neurons.first, neurons.count), z);
}

template <class P>
void feedforward_layer(const Network<ParameterOf<P>>& network, Workspace<P>& workspace,
                       std::size_t i, RowRange rows, UnitRange neurons) {
  using T = SumOf<P>;
  const Activation activation = network.topology().layers()[i].activation;
  const bool keeps_z = traits_of(activation).needs_z;
  const std::span<const T> bias = network.bias(i).subspan(neurons.first, neurons.count);
  const MatrixView<T> a = columns(workspace.activation(i + 1, rows), neurons);
  const MatrixView<T> z = keeps_z ? columns(workspace.weighted_input(i, rows), neurons) : a;
  weigh_inputs(network, workspace, i, rows, neurons, z);
  if (keeps_z)
    elementwise::add_bias_keep_apply(activation, bias, z, a);
  else if (i + 1 < network.layers())
    elementwise::add_bias_apply(activation, bias, a);
}

template void weigh_inputs(const Network<float>&, Workspace<Float32>&, std::size_t, RowRange,
                           UnitRange, MatrixView<float>);
template void weigh_inputs(const Network<float>&, Workspace<Bfloat16>&, std::size_t, RowRange,
                           UnitRange, MatrixView<float>);
template void weigh_inputs(const Network<double>&, Workspace<Float64>&, std::size_t, RowRange,
                           UnitRange, MatrixView<double>);
template void feedforward_layer(const Network<float>&, Workspace<Float32>&, std::size_t, RowRange,
                                UnitRange);
template void feedforward_layer(const Network<float>&, Workspace<Bfloat16>&, std::size_t, RowRange,
                                UnitRange);
template void feedforward_layer(const Network<double>&, Workspace<Float64>&, std::size_t, RowRange,
                                UnitRange);

}  // namespace nabla
