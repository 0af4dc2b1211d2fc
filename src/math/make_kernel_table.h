// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/array_kernels.h"
#include "math/batch_norm_kernels.h"
#include "math/dropout_kernels.h"
#include "math/elementwise_kernels.h"
#include "math/kernel_table.h"
#include "math/small_product_kernels.h"
#include "math/update_kernels.h"

// The table of all kernels for vectors of one width. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

template <class V>
constexpr Kernels<typename V::Element> make_kernels() {
  return {
      {add_bias_apply<V, Identity>, add_bias_apply<V, Sigmoid>, add_bias_apply<V, Tanh>,
       add_bias_apply<V, Relu>, add_bias_apply<V, LeakyRelu>, add_bias_apply<V, Elu>,
       add_bias_apply<V, Softplus>, add_bias_apply<V, Gelu>},
      add_bias_gelu<V>,
      {nullptr, multiply_derivative<V, Sigmoid>, multiply_derivative<V, Tanh>,
       multiply_derivative<V, Relu>, multiply_derivative<V, LeakyRelu>, multiply_derivative<V, Elu>,
       multiply_derivative<V, Softplus>, multiply_derivative<V, Gelu>},
      add_bias_softmax<V>,
      sigmoid_cross_entropy<V>,
      softmax_cross_entropy<V>,
      column_sums<V>,
      convert_bytes<V>,
      axpby<V>,
      add<V>,
      sum_of_squares<V>,
      all_finite<V>,
      drop_units<V>,
      zero_dropped<V>,
      column_moments<V>,
      normalize<V>,
      column_sums_and_dots<V>,
      normalize_back<V>,
      {update<V, UpdateRule::kPlain>, update<V, UpdateRule::kMomentum>,
       update<V, UpdateRule::kNesterov>, update<V, UpdateRule::kAdagrad>,
       update<V, UpdateRule::kRmsprop>, update<V, UpdateRule::kAdam>},
      correlate<V>,
      multiply<V>,
      multiply_transposed<V>,
  };
}

template <std::size_t kBytes>
constexpr KernelTable make_table(const char* name) {
  return {name, make_kernels<Simd<float, kBytes>>(), make_kernels<Simd<double, kBytes>>()};
}

}  // namespace

}  // namespace nabla::kernels
