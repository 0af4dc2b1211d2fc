// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/bfloat16.h"
#include "math/dropout_kernels.h"
#include "math/kernel_table.h"
#include "math/packed_product_kernels.h"
#include "math/simd.h"
#include "math/sparse_kernels.h"

// The kernels of mixed precision. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// to(r, j) ← x(r, j), rounded as to_bfloat16 does.
template <class V>
void round_to_bfloat16(const float* x, std::size_t x_stride, bfloat16_t* to, std::size_t to_stride,
                       std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r, x += x_stride, to += to_stride)
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      using Words = typename Bfloat16Vectors<V>::Words;
      using Halves = typename Bfloat16Vectors<V>::Halves;
      const V value = load<V>(x + j, count);
      Halves rounded;
#if defined(__AVX512BF16__)
      if constexpr (sizeof(V) == 64) {
        rounded = __builtin_bit_cast(Halves, _mm512_cvtneps_pbh(value.v));
      } else
#endif
      {
        const auto bits = __builtin_bit_cast(Words, value.v);
        const Words upper = bits >> 16, exponent = bits & 0x7F800000U;
        Words result = (bits + 0x7FFFU + (upper & 1U)) >> 16;
        result = exponent == 0U ? upper & 0x8000U : result;
        result = value.v != value.v ? upper | 0x40U : result;
        rounded = __builtin_convertvector(result, Halves);
      }
      if (count == V::kLanes) {
        __builtin_memcpy(to + j, &rounded, sizeof rounded);
      } else {
        for (std::size_t i = 0; i < count; ++i) to[j + i].bits = rounded[i];
      }
    });
}

template <class V>
constexpr Bfloat16Kernels make_bfloat16_kernels() {
  return {.multiply = multiply_packed<V, PairLanes<V>>,
          .round = round_to_bfloat16<V>,
          .drop_units = drop_units<V>,
          .multiply_sparse = multiply_sparse<V, RoundedToBfloat16>,
          .multiply_transposed_sparse = multiply_transposed_sparse<V, RoundedToBfloat16>};
}

}  // namespace

}  // namespace nabla::kernels
