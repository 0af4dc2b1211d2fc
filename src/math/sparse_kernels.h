// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/kernel_table.h"
#include "math/packed_product_kernels.h"
#include "math/simd.h"
#include "math/small_product_kernels.h"

// Products of sparse rows. Each element is summed in an order that depends on the terms alone, so
// it has the same bits however rows and columns are cut. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// Vectors of a row of C or X that stay in registers at once; a sum has two of each.
template <class V>
inline constexpr std::size_t kSparseVectors = sizeof(V) == 64 ? 8 : 4;

/// X is read as it is.
struct AsTheyAre {
  template <class V>
  [[gnu::always_inline]] static V operand(V x, V) {
    return x;
  }
};

/// X, times its factor, is rounded as to_bfloat16 does.
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

/// Calls piece.template operator()<N, kPartial>(col, last) for N vectors of all columns after the
/// others, from column `col` on; the last vector has `last` lanes if kPartial is set.
template <class V, class Piece>
[[gnu::always_inline]] inline void for_vectors(std::size_t cols, Piece piece) {
  const std::size_t vectors = (cols + V::kLanes - 1) / V::kLanes;
  for_each_piece(vectors, kSparseVectors<V>, [&](std::size_t first, std::size_t count) {
    const std::size_t col = first * V::kLanes;
    const std::size_t last = cols - col - (count - 1) * V::kLanes;
    with_constant<kSparseVectors<V>>(count, [&]<std::size_t N>() {
      if (last < V::kLanes)
        piece.template operator()<N, true>(col, last);
      else
        piece.template operator()<N, false>(col, V::kLanes);
    });
  });
}

template <class V, bool kPartial>
[[gnu::always_inline]] inline V load_last(const typename V::Element* from, bool is_last,
                                          std::size_t last) {
  return kPartial && is_last ? V::load(from, last) : V::load(from);
}

template <class V, bool kPartial>
[[gnu::always_inline]] inline void store_last(V x, typename V::Element* to, bool is_last,
                                              std::size_t last) {
  if (kPartial && is_last)
    x.store(to, last);
  else
    x.store(to);
}

/// Calls use(i, is_first, first, end) for the terms of row i of A that are in one block of its
/// columns, from `first` to below `end`, for all rows and blocks; `is_first` says that it is row
/// i's first block. A few rows go through all blocks before the next ones.
template <class T, class Use>
[[gnu::always_inline]] inline void for_blocks(const SparseProduct<T>& p, Use use) {
  constexpr std::size_t kRows = 64;
  if (p.block == 0) {
    for (std::size_t i = 0; i < p.rows; ++i) use(i, true, std::size_t{0}, p.a[i].count);
    return;
  }
  for (std::size_t first = 0; first < p.rows; first += kRows) {
    const std::size_t rows = p.rows - first < kRows ? p.rows - first : kRows;
    std::size_t next[kRows] = {};
    std::size_t last_column = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const SparseTerms<T>& row = p.a[first + r];
      if (row.count > 0 && row.columns[row.count - 1] > last_column)
        last_column = row.columns[row.count - 1];
    }
    for (std::size_t limit = p.first_place + p.block;; limit += p.block) {
      for (std::size_t r = 0; r < rows; ++r) {
        const SparseTerms<T>& row = p.a[first + r];
        std::size_t end = next[r];
        while (end < row.count && row.columns[end] < limit) ++end;
        use(first + r, limit == p.first_place + p.block, next[r], end);
        next[r] = end;
      }
      if (limit > last_column) break;
    }
  }
}

template <class V, class Reading>
void multiply_sparse(const SparseProduct<typename V::Element>& p) {
  using T = typename V::Element;
  const V alpha = V::set(p.alpha), factor = V::set(p.x_factor);
  for_vectors<V>(p.cols, [&]<std::size_t N, bool kPartial>(std::size_t col, std::size_t last) {
    for_blocks(
        p, [&](std::size_t i, bool is_first, std::size_t first,
               std::size_t end) __attribute__((always_inline)) {
          const SparseTerms<T> row = p.a[i];
          V sums[2][N];
          for (auto& part : sums)
            for (V& sum : part) sum = V::zero();
          const auto add = [&](std::size_t k, V * part) __attribute__((always_inline)) {
            const T* x = p.x + row.columns[k] * p.x_stride + col;
            const V value = V::set(row.values[k]);
            for (std::size_t j = 0; j < N; ++j)
              part[j] =
                  fma(value,
                      Reading::operand(load_last<V, kPartial>(x + j * V::kLanes, j + 1 == N, last),
                                       factor),
                      part[j]);
          };
          std::size_t k = first;
          for (; k + 1 < end; k += 2) {
            add(k, sums[0]);
            add(k + 1, sums[1]);
          }
          if (k < end) add(k, sums[0]);
          T* c = p.c + i * p.c_stride + col;
          for (std::size_t j = 0; j < N; ++j) {
            T* to = c + j * V::kLanes;
            V result = alpha * (sums[0][j] + sums[1][j]);
            if (!is_first) result = result + load_last<V, kPartial>(to, j + 1 == N, last);
            store_last<V, kPartial>(result, to, j + 1 == N, last);
          }
        });
  });
}

template <class V, class Reading>
void multiply_transposed_sparse(const SparseProduct<typename V::Element>& p) {
  using T = typename V::Element;
  const V alpha = V::set(p.alpha), factor = V::set(p.x_factor);
  for_vectors<V>(p.cols, [&]<std::size_t N, bool kPartial>(std::size_t col, std::size_t last) {
    for_blocks(
        p, [&](std::size_t i, bool, std::size_t first,
               std::size_t end) __attribute__((always_inline)) {
          if (first == end) return;
          const SparseTerms<T> row = p.a[i];
          const T* x = p.x + i * p.x_stride + col;
          V scaled[N];
          for (std::size_t j = 0; j < N; ++j)
            scaled[j] =
                alpha * Reading::operand(
                            load_last<V, kPartial>(x + j * V::kLanes, j + 1 == N, last), factor);
          for (std::size_t k = first; k < end; ++k) {
            const std::size_t column = row.columns[k];
            const std::size_t place =
                p.places == nullptr ? column : p.places[column - p.first_place];
            T* c = p.c + place * p.c_stride + col;
            const V value = V::set(row.values[k]);
            for (std::size_t j = 0; j < N; ++j) {
              T* to = c + j * V::kLanes;
              const V sum = fma(value, scaled[j], load_last<V, kPartial>(to, j + 1 == N, last));
              store_last<V, kPartial>(sum, to, j + 1 == N, last);
            }
          }
        });
  });
}

}  // namespace

}  // namespace nabla::kernels
