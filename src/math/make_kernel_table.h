// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/batch_norm_kernels.h"
#include "math/bfloat16_kernels.h"
#include "math/dropout_kernels.h"
#include "math/elementwise_kernels.h"
#include "math/kernel_table.h"
#include "math/packed_product_kernels.h"
#include "math/small_product_kernels.h"
#include "math/sparse_kernels.h"
#include "math/update_kernels.h"

// The table of all kernels for vectors of one width. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

template <class V, class... Functions>
constexpr auto make_add_bias_apply(ActivationList<Functions...>) {
  decltype(Kernels<typename V::Element>::add_bias_apply) kernels;
  ((kernels[Functions::kActivation] = add_bias_apply<V, Functions>), ...);
  return kernels;
}

/// Leaves out the activations that do not need z.
template <class V, class... Functions>
constexpr auto make_add_bias_keep_apply(ActivationList<Functions...>) {
  decltype(Kernels<typename V::Element>::add_bias_keep_apply) kernels;
  const auto add = [&]<class Function>() {
    if constexpr (traits_of(Function::kActivation).needs_z)
      kernels[Function::kActivation] = add_bias_keep_apply<V, Function>;
  };
  (add.template operator()<Functions>(), ...);
  return kernels;
}

template <class V, class... Functions>
constexpr auto make_multiply_derivative(ActivationList<Functions...>) {
  decltype(Kernels<typename V::Element>::multiply_derivative) kernels;
  ((kernels[Functions::kActivation] = multiply_derivative<V, Functions>), ...);
  return kernels;
}

template <class V, class... Rules>
constexpr auto make_update(UpdateRuleList<Rules...>) {
  decltype(Kernels<typename V::Element>::update) kernels;
  ((kernels[Rules::kAlgorithm] = update<V, Rules>), ...);
  return kernels;
}

template <class V>
constexpr Kernels<typename V::Element> make_kernels() {
  return {
      .add_bias_apply = make_add_bias_apply<V>(ElementwiseActivations()),
      .add_bias_keep_apply = make_add_bias_keep_apply<V>(ElementwiseActivations()),
      .multiply_derivative = make_multiply_derivative<V>(ElementwiseActivations()),
      .add_bias_softmax = add_bias_softmax<V>,
      .sigmoid_cross_entropy = sigmoid_cross_entropy<V>,
      .softmax_cross_entropy = softmax_cross_entropy<V>,
      .column_sums = column_sums<V>,
      .convert_bytes = convert_bytes<V>,
      .axpby = axpby<V>,
      .add = add<V>,
      .sum_of_squares = sum_of_squares<V>,
      .all_finite = all_finite<V>,
      .correlate = correlate<V>,
      .drop_units = drop_units<V>,
      .zero_dropped = zero_dropped<V>,
      .column_moments = column_moments<V>,
      .normalize = normalize<V>,
      .column_sums_and_dots = column_sums_and_dots<V>,
      .normalize_back = normalize_back<V>,
      .update = make_update<V>(UpdateRules()),
      .multiply = multiply<V>,
      .multiply_transposed = multiply_transposed<V>,
      .multiply_packed = multiply_packed<V, SingleLanes<V>>,
      .multiply_sparse = multiply_sparse<V, AsTheyAre>,
      .multiply_transposed_sparse = multiply_transposed_sparse<V, AsTheyAre>,
      .packs_fast = sizeof(V) == 64,
  };
}

template <std::size_t kBytes>
constexpr KernelTable make_table() {
  return {make_kernels<Simd<float, kBytes>>(), make_kernels<Simd<double, kBytes>>(),
          make_bfloat16_kernels<Simd<float, kBytes>>()};
}

}  // namespace

}  // namespace nabla::kernels
