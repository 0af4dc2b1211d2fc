// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/kernel_table.h"
#include "math/packed_product_kernels.h"
#include "math/simd.h"
#include "math/small_product_kernels.h"

// Weighted sums of rows that indices name: the products of sparse rows. Each element is summed in
// an order that depends on the number of its terms alone, so it has the same bits however the
// columns are cut. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// Vectors of a row of C that are summed at once, each in two parts.
template <class V>
inline constexpr std::size_t kSumVectors = sizeof(V) == 64 ? 8 : 4;

/// Rows of X are read as they are.
struct AsTheyAre {
  template <class V>
  [[gnu::always_inline]] static V operand(V x, V) {
    return x;
  }
};

/// Rows of X, times their factor, are rounded as to_bfloat16 does.
struct RoundedToBfloat16 {
  template <class V>
  [[gnu::always_inline]] static V operand(V x, V factor) {
    using Words = typename Bfloat16Vectors<V>::Words;
    const V scaled = factor * x;
    const auto bits = __builtin_bit_cast(Words, scaled.v);
    const Words upper = bits & 0xFFFF0000U;
    Words result = (bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U;
    result = (bits & 0x7F800000U) == 0U ? bits & 0x80000000U : result;
    result = scaled.v != scaled.v ? upper | 0x400000U : result;
    return {__builtin_bit_cast(typename V::Register, result)};
  }
};

/// N vectors of row i of C from column `col` on; the last one has `last` lanes if kPartial is set.
template <class V, class Reading, std::size_t N, bool kPartial>
[[gnu::always_inline]] inline void sum_vectors(const RowSums<typename V::Element>& s, std::size_t i,
                                               std::size_t col, std::size_t last) {
  using T = typename V::Element;
  const auto get = [last](const T* from, std::size_t j) __attribute__((always_inline)) {
    return kPartial && j + 1 == N ? V::load(from, last) : V::load(from);
  };
  const V factor = V::set(s.x_factor);
  V sums[2][N];
  for (auto& part : sums)
    for (V& sum : part) sum = V::zero();
  const auto add = [&](std::size_t k, V * part) __attribute__((always_inline)) {
    const T* x = s.x + s.indices[k] * s.x_stride + col;
    const V value = V::set(s.values[k]);
    for (std::size_t j = 0; j < N; ++j)
      part[j] = fma(value, Reading::operand(get(x + j * V::kLanes, j), factor), part[j]);
  };
  std::size_t k = s.begins[i];
  for (; k + 1 < s.ends[i]; k += 2) {
    add(k, sums[0]);
    add(k + 1, sums[1]);
  }
  if (k < s.ends[i]) add(k, sums[0]);
  T* c = s.c + (s.rows == nullptr ? i : s.rows[i]) * s.c_stride + col;
  const V alpha = V::set(s.alpha), beta = V::set(s.beta);
  for (std::size_t j = 0; j < N; ++j) {
    V result = alpha * (sums[0][j] + sums[1][j]);
    if (s.beta != T(0)) result = fma(beta, get(c + j * V::kLanes, j), result);
    if (kPartial && j + 1 == N)
      result.store(c + j * V::kLanes, last);
    else
      result.store(c + j * V::kLanes);
  }
}

template <class V, class Reading>
void sum_rows(const RowSums<typename V::Element>& s) {
  const std::size_t vectors = (s.cols + V::kLanes - 1) / V::kLanes;
  for_each_piece(vectors, kSumVectors<V>, [&](std::size_t first, std::size_t count) {
    const std::size_t col = first * V::kLanes;
    const std::size_t last = s.cols - col - (count - 1) * V::kLanes;
    with_constant<kSumVectors<V>>(count, [&]<std::size_t N>() {
      if (last < V::kLanes)
        for (std::size_t i = 0; i < s.count; ++i) sum_vectors<V, Reading, N, true>(s, i, col, last);
      else
        for (std::size_t i = 0; i < s.count; ++i)
          sum_vectors<V, Reading, N, false>(s, i, col, last);
    });
  });
}

}  // namespace

}  // namespace nabla::kernels
