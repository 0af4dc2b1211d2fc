// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "math/bfloat16.h"
#include "math/kernel_table.h"
#include "math/simd.h"
#include "math/small_product_kernels.h"

// Products whose operands are packed into panels that stay in the nearest caches (K. Goto and R.
// van de Geijn, "Anatomy of high-performance matrix multiplication", 2008). A lane of a packed
// panel holds one float or double, or a pair of bfloat16: elements k and k + 1, which one
// instruction of AVX512-BF16 multiplies and adds; other instruction sets widen both and add them in
// the same order. Each element of C is summed in an order that depends on K alone, so it has the
// same bits however the rows and columns are cut. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// The lanes of packed panels for sums in vectors V.
template <class V>
struct LaneTypes {
  using Lane = typename V::Bits;
  using Lanes = typename V::Mask;  ///< a vector of them
};

/// A lane is one number of the type that is summed.
template <class V>
struct SingleLanes : LaneTypes<V> {
  using typename LaneTypes<V>::Lane;
  using typename LaneTypes<V>::Lanes;
  using Element = typename V::Element;
  static constexpr std::size_t kPerLane = 1;
  /// Rows of accumulators that fit the registers beside the operands.
  static constexpr std::size_t kRows = 6;

  [[gnu::always_inline]] static V multiply_add(Lanes x, Lanes y, V sum) {
    return fma(V::from_bits(x), V::from_bits(y), sum);
  }

  /// Packs a row of n elements; there is no second one.
  [[gnu::always_inline]] static void pack(const Element* row, const Element*, std::size_t n,
                                          Lane* to) {
    for_each_vector<V>(n, [&](std::size_t j, std::size_t count) {
      const Lanes lanes = load<V>(row + j, count).bits();
      __builtin_memcpy(to + j, &lanes, sizeof lanes);
    });
  }
};

/// The integers of bfloat16 numbers, as vectors.
template <class V>
struct Bfloat16Vectors {
  typedef std::uint16_t Halves __attribute__((vector_size(sizeof(V) / 2)));  ///< one a lane
  typedef std::uint32_t Words __attribute__((vector_size(sizeof(V))));       ///< the same, widened
  typedef std::uint16_t Row __attribute__((vector_size(sizeof(V))));         ///< two a lane
};

/// A lane is a pair of bfloat16.
template <class V>
struct PairLanes : LaneTypes<V> {
  using typename LaneTypes<V>::Lane;
  using typename LaneTypes<V>::Lanes;
  using Element = bfloat16_t;
  static constexpr std::size_t kPerLane = 2;
#if defined(__AVX512BF16__)
  static constexpr std::size_t kRows = sizeof(V) < 64 ? 4 : 6;
#else
  static constexpr std::size_t kRows = sizeof(V) < 64 ? 4 : 5;  // Widened operands take registers.
#endif

  /// Adds the second product of each pair, then the first.
  [[gnu::always_inline]] static V multiply_add(Lanes x, Lanes y, V sum) {
#if defined(__AVX512BF16__)
    if constexpr (sizeof(V) == 64)
      return {_mm512_dpbf16_ps(sum.v, __builtin_bit_cast(__m512bh, x),
                               __builtin_bit_cast(__m512bh, y))};
#endif
    const auto first = [](Lanes pairs) __attribute__((always_inline)) {
      return V::from_bits(pairs << 16);
    };
    const auto second = [](Lanes pairs) __attribute__((always_inline)) {
      return V::from_bits(pairs & static_cast<std::int32_t>(0xFFFF0000U));
    };
    return fma(first(x), first(y), fma(second(x), second(y), sum));
  }

  /// Packs the pairs of two rows of n elements; a second row that is null is zero.
  [[gnu::always_inline]] static void pack(const Element* row, const Element* second, std::size_t n,
                                          Lane* to) {
    constexpr std::size_t kWidth = 2 * V::kLanes;
    std::size_t j = 0;
    for (; second != nullptr && j + kWidth <= n; j += kWidth)
      interleave(row + j, second + j, to + j, std::make_index_sequence<kWidth>());
    for (; j < n; j += V::kLanes) {
      Words pairs = load_halves(row + j, n - j);
      if (second != nullptr) pairs |= load_halves(second + j, n - j) << 16;
      __builtin_memcpy(to + j, &pairs, sizeof pairs);
    }
  }

 private:
  using Row = typename Bfloat16Vectors<V>::Row;
  using Halves = typename Bfloat16Vectors<V>::Halves;
  using Words = typename Bfloat16Vectors<V>::Words;

  /// Reads `count` elements, at most one of each lane; the others are zero.
  [[gnu::always_inline]] static Words load_halves(const Element* from, std::size_t count) {
    Halves halves{};
    if (count >= V::kLanes) {
      __builtin_memcpy(&halves, from, sizeof halves);
    } else {
      for (std::size_t i = 0; i < V::kLanes; ++i)
        if (i < count) halves[i] = from[i].bits;
    }
    return __builtin_convertvector(halves, Words);
  }

  template <std::size_t... kLane>
  [[gnu::always_inline]] static void interleave(const Element* row, const Element* second, Lane* to,
                                                std::index_sequence<kLane...>) {
    constexpr std::size_t kCount = sizeof...(kLane);
    Row x, y;
    __builtin_memcpy(&x, row, sizeof x);
    __builtin_memcpy(&y, second, sizeof y);
    const Row lower = __builtin_shufflevector(x, y, (kLane / 2 + kLane % 2 * kCount)...);
    const Row upper =
        __builtin_shufflevector(x, y, (kCount / 2 + kLane / 2 + kLane % 2 * kCount)...);
    __builtin_memcpy(to, &lower, sizeof lower);
    __builtin_memcpy(to + V::kLanes, &upper, sizeof upper);
  }
};

/// Vectors of columns whose accumulators fit the registers beside the operands.
template <class V>
inline constexpr std::size_t kPanelVectors = sizeof(V) < 64 ? 2 : 4;
/// Lanes of K that are packed at once, and rows of C if A does not lie as lanes.
inline constexpr std::size_t kPanelLanes = 128;
inline constexpr std::size_t kPanelRows = 96;

/// Packs a [k × n] matrix: lane k / kPerLane of column j to to[k / kPerLane · to_stride + j].
/// Elements after the last row are zero, as are the lanes of a vector after the last column.
template <class L>
void pack_rows(const typename L::Element* from, std::size_t stride, std::size_t k, std::size_t n,
               typename L::Lane* to, std::size_t to_stride) {
  for (std::size_t row = 0; row < k; row += L::kPerLane, to += to_stride) {
    const typename L::Element* const first = from + row * stride;
    L::pack(first, row + 1 < k ? first + stride : nullptr, n, to);
  }
}

/// The lanes of a and b that change places at a distance when a square of vectors is transposed.
template <std::size_t kDistance, class Lanes, std::size_t... kLane>
[[gnu::always_inline]] inline void exchange(Lanes& a, Lanes& b, std::index_sequence<kLane...>) {
  constexpr std::size_t kLanes = sizeof...(kLane);
  const Lanes upper = __builtin_shufflevector(
      a, b, ((kLane & kDistance) == 0 ? kLane : kLanes + kLane - kDistance)...);
  const Lanes lower = __builtin_shufflevector(
      a, b, ((kLane & kDistance) == 0 ? kLane + kDistance : kLanes + kLane)...);
  a = upper;
  b = lower;
}

/// Transposes kLanes vectors as a square of lanes.
template <std::size_t kLanes, std::size_t kDistance = kLanes / 2, class Lanes>
[[gnu::always_inline]] inline void transpose(Lanes* square) {
  for (std::size_t i = 0; i < kLanes; ++i)
    if ((i & kDistance) == 0)
      exchange<kDistance>(square[i], square[i + kDistance], std::make_index_sequence<kLanes>());
  if constexpr (kDistance > 1) transpose<kLanes, kDistance / 2>(square);
}

/// Packs the transpose of an [n × k] matrix as pack_rows does.
template <class V, class L>
void pack_columns(const typename L::Element* from, std::size_t stride, std::size_t k, std::size_t n,
                  typename L::Lane* to, std::size_t to_stride) {
  constexpr std::size_t kBlock = L::kPerLane * V::kLanes;
  typename L::Lanes square[V::kLanes];
  for (std::size_t j = 0; j < n; j += V::kLanes) {
    const std::size_t rows = n - j < V::kLanes ? n - j : V::kLanes;
    for (std::size_t first = 0; first < k; first += kBlock) {
      const typename L::Element* const block = from + j * stride + first;
      std::size_t lanes = V::kLanes;
      if (rows == V::kLanes && first + kBlock <= k) {
        for (std::size_t i = 0; i < V::kLanes; ++i)
          __builtin_memcpy(&square[i], block + i * stride, sizeof square[i]);
      } else {
        const std::size_t count = first + kBlock <= k ? kBlock : k - first;
        lanes = (count + L::kPerLane - 1) / L::kPerLane;
        for (std::size_t i = 0; i < V::kLanes; ++i) {
          square[i] = typename L::Lanes{};
          if (i < rows) __builtin_memcpy(&square[i], block + i * stride, count * sizeof *block);
        }
      }
      transpose<V::kLanes>(square);
      for (std::size_t i = 0; i < lanes; ++i)
        __builtin_memcpy(to + (first / L::kPerLane + i) * to_stride + j, &square[i],
                         sizeof square[i]);
    }
  }
}

/// The rows of A for some elements of K, as lanes, with distances in elements.
template <class L>
struct LaneRows {
  const typename L::Element* first;
  std::size_t row;   ///< from row to row
  std::size_t step;  ///< from lane to lane
  bool is_partial;   ///< the last lane has fewer elements
};

/// Computes R rows × C vectors of C for `k` elements of K from the packed columns of B. If kPartial
/// is set, the last vector has only `last` lanes.
template <class V, class L, std::size_t R, std::size_t C, bool kPartial>
void packed_block(const LaneRows<L>& rows, const typename L::Lane* b, std::size_t k,
                  typename V::Element alpha, typename V::Element beta, typename V::Element* c,
                  std::size_t c_stride, std::size_t last) {
  using Lanes = typename L::Lanes;
  V sum[R][C];
  for (auto& line : sum)
    for (V& s : line) s = V::zero();
  const typename L::Element* a = rows.first;
  const auto add = [&](std::size_t bytes) __attribute__((always_inline)) {
    Lanes y[C];
    for (std::size_t i = 0; i < C; ++i) __builtin_memcpy(&y[i], b + i * V::kLanes, sizeof y[i]);
    for (std::size_t r = 0; r < R; ++r) {
      typename L::Lane lane = 0;
      __builtin_memcpy(&lane, a + r * rows.row, bytes);
      const Lanes x = lane - Lanes{};
      for (std::size_t i = 0; i < C; ++i) sum[r][i] = L::multiply_add(x, y[i], sum[r][i]);
    }
  };
  const std::size_t whole = rows.is_partial ? 0 : L::kPerLane - 1;
  for (std::size_t lanes = (k + whole) / L::kPerLane; lanes > 0; --lanes) {
    add(sizeof(typename L::Lane));
    a += rows.step;
    b += kPanelVectors<V> * V::kLanes;
  }
  if (rows.is_partial) add(sizeof(typename L::Element));
  for (std::size_t r = 0; r < R; ++r, c += c_stride)
    for (std::size_t i = 0; i < C; ++i) {
      const std::size_t lanes = kPartial && i + 1 == C ? last : V::kLanes;
      V result = V::set(alpha) * sum[r][i];
      if (beta != 0) result = result + V::set(beta) * load<V>(c + i * V::kLanes, lanes);
      store(result, c + i * V::kLanes, lanes);
    }
}

/// C ← beta · C: a product of no elements of K, whose operands may have no memory.
template <class V, class Product>
void scale_product(const Product& p) {
  for (std::size_t row = 0; row < p.m; ++row)
    for_each_vector<V>(p.n, [&](std::size_t j, std::size_t count) {
      typename V::Element* const c = p.c + row * p.c_stride + j;
      store(p.beta == 0 ? V::zero() : V::set(p.beta) * load<V>(c, count), c, count);
    });
}

/// C ← alpha · A · B + beta · C, see PackedProduct.
template <class V, class L>
void multiply_packed(const PackedProduct<typename L::Element, typename V::Element>& p) {
  if (p.k == 0) return scale_product<V>(p);
  using Element = typename L::Element;
  using Sum = typename V::Element;
  constexpr std::size_t kColumns = kPanelVectors<V> * V::kLanes;
  constexpr std::size_t kMostK = kPanelLanes * L::kPerLane;
  alignas(64) typename L::Lane packed_a[kPanelLanes * kPanelRows];
  alignas(64) typename L::Lane packed_b[kPanelLanes * kColumns];
  const bool a_is_plain = p.a_k == 1, b_is_plain = p.b_column == 1;
  const std::size_t most_rows = a_is_plain ? p.m : kPanelRows;
  for (std::size_t first_k = 0; first_k < p.k; first_k += kMostK) {
    const std::size_t k = p.k - first_k < kMostK ? p.k - first_k : kMostK;
    const Sum beta = first_k == 0 ? p.beta : Sum(1);
    for_each_piece(p.m, most_rows, [&](std::size_t first_row, std::size_t rows) {
      const Element* const a = p.a + first_row * p.a_row + first_k * p.a_k;
      LaneRows<L> lanes{a, p.a_row, L::kPerLane, k % L::kPerLane != 0};
      if (!a_is_plain) {
        pack_rows<L>(a, p.a_k, k, rows, packed_a, kPanelRows);
        lanes = {reinterpret_cast<const Element*>(packed_a), L::kPerLane, L::kPerLane * kPanelRows,
                 false};
      }
      for (std::size_t col = 0; col < p.n; col += kColumns) {
        const std::size_t cols = p.n - col < kColumns ? p.n - col : kColumns;
        const Element* const b = p.b + first_k * p.b_k + col * p.b_column;
        if (b_is_plain)
          pack_rows<L>(b, p.b_k, k, cols, packed_b, kColumns);
        else
          pack_columns<V, L>(b, p.b_column, k, cols, packed_b, kColumns);
        const std::size_t vectors = (cols + V::kLanes - 1) / V::kLanes;
        const std::size_t last = cols - (vectors - 1) * V::kLanes;
        for_each_piece(rows, L::kRows, [&](std::size_t row, std::size_t count) {
          LaneRows<L> piece = lanes;
          piece.first += row * lanes.row;
          Sum* const c = p.c + (first_row + row) * p.c_stride + col;
          with_constant<L::kRows>(count, [&]<std::size_t R>() {
            with_constant<kPanelVectors<V>>(vectors, [&]<std::size_t C>() {
              if (last < V::kLanes)
                packed_block<V, L, R, C, true>(piece, packed_b, k, p.alpha, beta, c, p.c_stride,
                                               last);
              else
                packed_block<V, L, R, C, false>(piece, packed_b, k, p.alpha, beta, c, p.c_stride,
                                                last);
            });
          });
        });
      }
    });
  }
}

}  // namespace

}  // namespace nabla::kernels
