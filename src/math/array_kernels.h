// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/elementwise_kernels.h"
#include "math/elementwise_table.h"
#include "math/simd_loops.h"
#include "math/small_product_kernels.h"

// Kernels on flat arrays, and the table of all kernels. Internal linkage, as in simd.h.
namespace nabla::elementwise {
namespace {

template <class V>
void convert_bytes(const std::uint8_t* bytes, std::size_t size, typename V::Element scale,
                   typename V::Element* out) {
  const V factor = V::set(scale);
  std::size_t j = 0;
  for (; j + V::kLanes <= size; j += V::kLanes) (V::from_bytes(bytes + j) * factor).store(out + j);
  // Bytes convert exactly, so the one rounding left is that of the vectors.
  for (; j < size; ++j) out[j] = static_cast<typename V::Element>(bytes[j]) * scale;
}

template <class V>
void axpby(typename V::Element alpha, const typename V::Element* x, typename V::Element beta,
           typename V::Element* y, std::size_t size) {
  const V a = V::set(alpha), b = V::set(beta);
  for_each_vector<V>(size, [&](std::size_t j, std::size_t count) {
    const V product = a * load<V>(x + j, count);
    store(beta == 0 ? product : fma(b, load<V>(y + j, count), product), y + j, count);
  });
}

template <class V>
void add(const typename V::Element* x, typename V::Element* y, std::size_t size) {
  for_each_vector<V>(size, [&](std::size_t j, std::size_t count) {
    store(load<V>(y + j, count) + load<V>(x + j, count), y + j, count);
  });
}

template <class V>
double sum_of_squares(const typename V::Element* x, std::size_t size) {
  DoubleSum<V> sum;
  sum.add_row(
      size, [&](std::size_t j, std::size_t count) { return load<V>(x + j, count); },
      [](auto wide) { return wide * wide; });
  return sum.total();
}

template <class V>
bool all_finite(const typename V::Element* x, std::size_t size) {
  // x − x is +0 for finite x and NaN otherwise.
  typename V::Mask seen = {};
  for_each_vector<V>(size, [&](std::size_t j, std::size_t count) {
    const V value = load<V>(x + j, count);
    seen |= (value - value).bits();
  });
  typename V::Bits any = 0;
  for (std::size_t i = 0; i < V::kLanes; ++i) any |= seen[i];
  return any == 0;
}

template <class V>
constexpr Kernels<typename V::Element> make_kernels() {
  return {
      {add_bias_apply<V, Identity>, add_bias_apply<V, Sigmoid>, add_bias_apply<V, Tanh>,
       add_bias_apply<V, Relu>, add_bias_apply<V, LeakyRelu>, add_bias_apply<V, Elu>,
       add_bias_apply<V, Softplus>, add_bias_apply<V, Gelu>},
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
      multiply<V>,
      multiply_transposed<V>,
  };
}

template <std::size_t kBytes>
constexpr KernelTable make_table(const char* name) {
  return {name, make_kernels<Simd<float, kBytes>>(), make_kernels<Simd<double, kBytes>>()};
}

}  // namespace
}  // namespace nabla::elementwise
