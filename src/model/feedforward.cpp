// SPDX-License-Identifier: MIT
#include "model/feedforward.h"

#include "nabla/math/elementwise.h"

#include "math/gemm.h"

namespace nabla {

template <class T>
void feedforward(const Network<T>& network, Workspace<T>& workspace, const Pass& pass) {
  const auto layers = network.topology().layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for_each_product(pass, pass.merge_forward, i, [&](RowRange part) {
      // z [rows × outputs] = a [rows × inputs] · Wᵀ [inputs × outputs]
      gemm<T>(Op::kNone, Op::kTranspose, T(1), workspace.activation(i, part), network.weight(i),
              T(0), workspace.activation(i + 1, part));
    });
    if (i + 1 < layers.size())
      elementwise::add_bias_apply(function_of(layers[i].activation), network.bias(i),
                                  workspace.activation(i + 1, pass.rows()));
  }
}

template void feedforward(const Network<float>&, Workspace<float>&, const Pass&);
template void feedforward(const Network<double>&, Workspace<double>&, const Pass&);

}  // namespace nabla
