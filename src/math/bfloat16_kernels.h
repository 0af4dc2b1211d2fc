// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "math/bfloat16.h"
#include "math/kernel_table.h"
#include "math/simd.h"
#include "math/small_product_kernels.h"

// Rounding to bfloat16, and products of bfloat16 operands that are summed in float. The operands
// meet as pairs: a 32-bit lane holds elements k and k + 1, which one instruction of AVX512-BF16
// multiplies and adds; other instruction sets widen both and add them in the same order. Each
// element of C is summed in an order that depends on K alone, so it has the same bits however the
// rows and columns are cut. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

#if defined(__AVX512BF16__)
inline constexpr bool kMultipliesPairs = true;
#else
inline constexpr bool kMultipliesPairs = false;
#endif

/// The elements of C whose accumulators fit the registers beside their operands.
template <class V>
inline constexpr std::size_t kPairRows = sizeof(V) < 64     ? 4
                                         : kMultipliesPairs ? 6
                                                            : 5;
template <class V>
inline constexpr std::size_t kPairVectors = sizeof(V) < 64 ? 2 : 4;

/// Elements of K whose operands are packed at once, so that they stay in the nearest cache.
inline constexpr std::size_t kPackedK = 256;
/// Rows of C whose operands are packed at once if they do not lie as pairs.
inline constexpr std::size_t kPackedRows = 96;

template <class V>
struct PairTypes {
  using Pairs = typename V::Mask;                                            ///< kLanes pairs
  typedef std::uint16_t Halves __attribute__((vector_size(sizeof(V) / 2)));  ///< kLanes elements
  typedef std::uint16_t Row __attribute__((vector_size(sizeof(V))));         ///< twice as many
  typedef std::uint32_t Words __attribute__((vector_size(sizeof(V))));
};

/// Returns sum + x₁·y₁ + x₀·y₀ in each lane, added one after the other.
template <class V>
[[gnu::always_inline]] inline V add_pairs(typename PairTypes<V>::Pairs x,
                                          typename PairTypes<V>::Pairs y, V sum) {
#if defined(__AVX512BF16__)
  if constexpr (sizeof(V) == 64)
    return {
        _mm512_dpbf16_ps(sum.v, __builtin_bit_cast(__m512bh, x), __builtin_bit_cast(__m512bh, y))};
#endif
  const auto first = [](auto pairs) __attribute__((always_inline)) {
    return V::from_bits(pairs << 16);
  };
  const auto second = [](auto pairs) __attribute__((always_inline)) {
    return V::from_bits(pairs & static_cast<std::int32_t>(0xFFFF0000U));
  };
  return fma(first(x), first(y), fma(second(x), second(y), sum));
}

/// Reads `count` elements, at most one of each lane; the others are zero.
template <class V>
[[gnu::always_inline]] inline typename PairTypes<V>::Words load_halves(const bfloat16_t* from,
                                                                       std::size_t count) {
  typename PairTypes<V>::Halves halves{};
  if (count >= V::kLanes) {
    __builtin_memcpy(&halves, from, sizeof halves);
  } else {
    for (std::size_t i = 0; i < V::kLanes; ++i)
      if (i < count) halves[i] = from[i].bits;
  }
  return __builtin_convertvector(halves, typename PairTypes<V>::Words);
}

/// Makes pairs of 2 · kLanes elements of two rows.
template <class V, std::size_t... kLane>
[[gnu::always_inline]] inline void interleave(const bfloat16_t* even, const bfloat16_t* odd,
                                              std::uint32_t* to, std::index_sequence<kLane...>) {
  constexpr std::size_t kCount = sizeof...(kLane);
  typename PairTypes<V>::Row x, y;
  __builtin_memcpy(&x, even, sizeof x);
  __builtin_memcpy(&y, odd, sizeof y);
  const auto first = __builtin_shufflevector(x, y, (kLane / 2 + kLane % 2 * kCount)...);
  const auto second =
      __builtin_shufflevector(x, y, (kCount / 2 + kLane / 2 + kLane % 2 * kCount)...);
  __builtin_memcpy(to, &first, sizeof first);
  __builtin_memcpy(to + V::kLanes, &second, sizeof second);
}

/// Packs rows k and k + 1 of a [k × n] matrix as pairs, k = 0, 2, …: to[k / 2 · to_stride + j]. The
/// row after the last one is zero, as are the lanes after the last column.
template <class V>
void pack_rows(const bfloat16_t* from, std::size_t stride, std::size_t k, std::size_t n,
               std::uint32_t* to, std::size_t to_stride) {
  constexpr std::size_t kWidth = 2 * V::kLanes;
  for (std::size_t row = 0; row < k; row += 2, from += 2 * stride, to += to_stride) {
    std::size_t j = 0;
    for (; row + 1 < k && j + kWidth <= n; j += kWidth)
      interleave<V>(from + j, from + stride + j, to + j, std::make_index_sequence<kWidth>());
    for (; j < n; j += V::kLanes) {
      auto pairs = load_halves<V>(from + j, n - j);
      if (row + 1 < k) pairs |= load_halves<V>(from + stride + j, n - j) << 16;
      __builtin_memcpy(to + j, &pairs, sizeof pairs);
    }
  }
}

/// The lanes of a and b that change places at a distance when a square of vectors is transposed.
template <class Pairs, std::size_t kDistance, std::size_t... kLane>
[[gnu::always_inline]] inline void exchange(Pairs& a, Pairs& b, std::index_sequence<kLane...>) {
  constexpr std::size_t kLanes = sizeof...(kLane);
  const Pairs upper = __builtin_shufflevector(
      a, b, ((kLane & kDistance) == 0 ? kLane : kLanes + kLane - kDistance)...);
  const Pairs lower = __builtin_shufflevector(
      a, b, ((kLane & kDistance) == 0 ? kLane + kDistance : kLanes + kLane)...);
  a = upper;
  b = lower;
}

/// Transposes kLanes vectors as a square of lanes.
template <class V, std::size_t kDistance = V::kLanes / 2>
[[gnu::always_inline]] inline void transpose(typename PairTypes<V>::Pairs* square) {
  for (std::size_t i = 0; i < V::kLanes; ++i)
    if ((i & kDistance) == 0)
      exchange<typename PairTypes<V>::Pairs, kDistance>(square[i], square[i + kDistance],
                                                        std::make_index_sequence<V::kLanes>());
  if constexpr (kDistance > 1) transpose<V, kDistance / 2>(square);
}

/// Packs elements k and k + 1 of the rows of an [n × k] matrix as pack_rows does those of its
/// transpose.
template <class V>
void pack_columns(const bfloat16_t* from, std::size_t stride, std::size_t k, std::size_t n,
                  std::uint32_t* to, std::size_t to_stride) {
  constexpr std::size_t kBlock = 2 * V::kLanes;
  typename PairTypes<V>::Pairs square[V::kLanes];
  for (std::size_t j = 0; j < n; j += V::kLanes) {
    const std::size_t rows = n - j < V::kLanes ? n - j : V::kLanes;
    for (std::size_t first = 0; first < k; first += kBlock) {
      const bfloat16_t* const block = from + j * stride + first;
      std::size_t pairs = V::kLanes;
      if (rows == V::kLanes && first + kBlock <= k) {
        for (std::size_t i = 0; i < V::kLanes; ++i)
          __builtin_memcpy(&square[i], block + i * stride, sizeof square[i]);
      } else {
        const std::size_t count = first + kBlock <= k ? kBlock : k - first;
        pairs = (count + 1) / 2;
        for (std::size_t i = 0; i < V::kLanes; ++i) {
          square[i] = typename PairTypes<V>::Pairs{};
          if (i < rows) __builtin_memcpy(&square[i], block + i * stride, count * sizeof *block);
        }
      }
      transpose<V>(square);
      for (std::size_t i = 0; i < pairs; ++i)
        __builtin_memcpy(to + (first / 2 + i) * to_stride + j, &square[i], sizeof square[i]);
    }
  }
}

/// The pairs of the rows of A for some elements of K, in distances of bfloat16.
struct PairRows {
  const bfloat16_t* first;
  std::size_t row;   ///< from row to row
  std::size_t step;  ///< from pair to pair
  bool is_odd;       ///< the last pair has one element only
};

/// Computes R rows × C vectors of C for `k` elements of K from the packed columns of B. If kPartial
/// is set, the last vector has only `last` lanes.
template <class V, std::size_t R, std::size_t C, bool kPartial>
void pair_block(const PairRows& rows, const std::uint32_t* b, std::size_t k, float alpha,
                float beta, float* c, std::size_t c_stride, std::size_t last) {
  using Pairs = typename PairTypes<V>::Pairs;
  V sum[R][C];
  for (auto& line : sum)
    for (V& s : line) s = V::zero();
  const bfloat16_t* a = rows.first;
  const auto add = [&](std::size_t bytes) __attribute__((always_inline)) {
    Pairs y[C];
    for (std::size_t i = 0; i < C; ++i) __builtin_memcpy(&y[i], b + i * V::kLanes, sizeof y[i]);
    for (std::size_t r = 0; r < R; ++r) {
      std::int32_t pair = 0;
      __builtin_memcpy(&pair, a + r * rows.row, bytes);
      const Pairs x = pair - Pairs{};
      for (std::size_t i = 0; i < C; ++i) sum[r][i] = add_pairs<V>(x, y[i], sum[r][i]);
    }
  };
  for (std::size_t pairs = rows.is_odd ? k / 2 : (k + 1) / 2; pairs > 0; --pairs) {
    add(2 * sizeof(bfloat16_t));
    a += rows.step;
    b += kPairVectors<V> * V::kLanes;
  }
  if (rows.is_odd) add(sizeof(bfloat16_t));
  for (std::size_t r = 0; r < R; ++r, c += c_stride)
    for (std::size_t i = 0; i < C; ++i) {
      const std::size_t lanes = kPartial && i + 1 == C ? last : V::kLanes;
      V result = V::set(alpha) * sum[r][i];
      if (beta != 0) result = fma(V::set(beta), load<V>(c + i * V::kLanes, lanes), result);
      store(result, c + i * V::kLanes, lanes);
    }
}

/// C ← alpha · A · B + beta · C, see Bfloat16Product.
template <class V>
void multiply_bfloat16(const Bfloat16Product& p) {
  constexpr std::size_t kColumns = kPairVectors<V> * V::kLanes;
  alignas(64) std::uint32_t packed_a[kPackedK / 2 * kPackedRows];
  alignas(64) std::uint32_t packed_b[kPackedK / 2 * kColumns];
  const bool a_is_plain = p.a_k == 1, b_is_plain = p.b_column == 1;
  const std::size_t most_rows = a_is_plain ? p.m : kPackedRows;
  std::size_t first_k = 0;
  do {
    const std::size_t k = p.k - first_k < kPackedK ? p.k - first_k : kPackedK;
    const float beta = first_k == 0 ? p.beta : 1.0F;
    for_each_piece(p.m, most_rows, [&](std::size_t first_row, std::size_t rows) {
      const bfloat16_t* const a = p.a + first_row * p.a_row + first_k * p.a_k;
      PairRows pairs{a, p.a_row, 2, k % 2 == 1};
      if (!a_is_plain) {
        pack_rows<V>(a, p.a_k, k, rows, packed_a, kPackedRows);
        pairs = {reinterpret_cast<const bfloat16_t*>(packed_a), 2, 2 * kPackedRows, false};
      }
      for (std::size_t col = 0; col < p.n; col += kColumns) {
        const std::size_t cols = p.n - col < kColumns ? p.n - col : kColumns;
        const bfloat16_t* const b = p.b + first_k * p.b_k + col * p.b_column;
        if (b_is_plain)
          pack_rows<V>(b, p.b_k, k, cols, packed_b, kColumns);
        else
          pack_columns<V>(b, p.b_column, k, cols, packed_b, kColumns);
        const std::size_t vectors = (cols + V::kLanes - 1) / V::kLanes;
        const std::size_t last = cols - (vectors - 1) * V::kLanes;
        for_each_piece(rows, kPairRows<V>, [&](std::size_t row, std::size_t count) {
          PairRows piece = pairs;
          piece.first += row * pairs.row;
          float* const c = p.c + (first_row + row) * p.c_stride + col;
          with_constant<kPairRows<V>>(count, [&]<std::size_t R>() {
            with_constant<kPairVectors<V>>(vectors, [&]<std::size_t C>() {
              if (last < V::kLanes)
                pair_block<V, R, C, true>(piece, packed_b, k, p.alpha, beta, c, p.c_stride, last);
              else
                pair_block<V, R, C, false>(piece, packed_b, k, p.alpha, beta, c, p.c_stride, last);
            });
          });
        });
      }
    });
    first_k += k;
  } while (first_k < p.k);
}

/// to(r, j) ← x(r, j), rounded as to_bfloat16 does.
template <class V>
void round_to_bfloat16(const float* x, std::size_t x_stride, bfloat16_t* to, std::size_t to_stride,
                       std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r, x += x_stride, to += to_stride)
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      using Words = typename PairTypes<V>::Words;
      using Halves = typename PairTypes<V>::Halves;
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
  return {.multiply = multiply_bfloat16<V>, .round = round_to_bfloat16<V>};
}

}  // namespace

}  // namespace nabla::kernels
