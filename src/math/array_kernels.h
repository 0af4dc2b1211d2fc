// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/simd_loops.h"

// The kernels on flat arrays, see nabla/math/elementwise.h. Internal linkage, as in simd.h.
namespace nabla::kernels {

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

/// Products are not fused, so that every instruction set gives the same bits.
template <class V>
void correlate(const typename V::Element* weights, std::size_t count, const typename V::Element* x,
               std::size_t stride, typename V::Element* out, std::size_t size) {
  constexpr std::size_t kVectors = 4;  // sums side by side, as each waits for its last addition
  std::size_t i = 0;
  for (; i + kVectors * V::kLanes <= size; i += kVectors * V::kLanes) {
    V sums[kVectors] = {};
    for (std::size_t k = 0; k < count; ++k) {
      const V weight = V::set(weights[k]);
      const typename V::Element* const from = x + i + k * stride;
#pragma GCC unroll 4
      for (std::size_t j = 0; j < kVectors; ++j)
        sums[j] = sums[j] + weight * V::load(from + j * V::kLanes);
    }
#pragma GCC unroll 4
    for (std::size_t j = 0; j < kVectors; ++j) sums[j].store(out + i + j * V::kLanes);
  }
  for_each_vector<V>(size - i, [&](std::size_t j, std::size_t lanes) {
    V sum = V::zero();
    for (std::size_t k = 0; k < count; ++k)
      sum = sum + V::set(weights[k]) * load<V>(x + i + j + k * stride, lanes);
    store(sum, out + i + j, lanes);
  });
}

}  // namespace

}  // namespace nabla::kernels
