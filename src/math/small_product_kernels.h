// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/kernel_table.h"
#include "math/simd.h"

// Products of small matrices that stay in the nearest caches, without packing. Each element of C
// is summed in an order that depends on K alone, so it has the same bits however the rows and
// columns are cut. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// The sizes of blocks whose accumulators fit the registers beside their operands: AVX-512 has 32
/// registers, the others have 16.
template <class V>
inline constexpr std::size_t kDotRows = sizeof(V) == 64 ? 5 : 3;
template <class V>
inline constexpr std::size_t kDotColumns = sizeof(V) == 64 ? 5 : 4;
template <class V>
inline constexpr std::size_t kOuterRows = sizeof(V) == 64 ? 5 : 6;
template <class V>
inline constexpr std::size_t kOuterVectors = sizeof(V) == 64 ? 5 : 2;

/// Computes R × C elements of C as dot products of rows of A and rows of B.
template <class V, std::size_t R, std::size_t C>
void dot_block(const SmallProduct<typename V::Element>& p, std::size_t row, std::size_t col) {
  using T = typename V::Element;
  const T* a = p.a + row * p.a_row;
  const T* b = p.b + col * p.b_stride;
  V sum[R][C];
  for (auto& line : sum)
    for (V& s : line) s = V::zero();
  const auto add = [&](std::size_t j, auto load_lanes) __attribute__((always_inline)) {
    V x[R];
    for (std::size_t r = 0; r < R; ++r) x[r] = load_lanes(a + r * p.a_row + j);
    for (std::size_t i = 0; i < C; ++i) {
      const V y = load_lanes(b + i * p.b_stride + j);
      for (std::size_t r = 0; r < R; ++r) sum[r][i] = fma(x[r], y, sum[r][i]);
    }
  };
  std::size_t j = 0;
  for (; j + V::kLanes <= p.k; j += V::kLanes)
    add(
        j, [](const T* from) __attribute__((always_inline)) { return V::load(from); });
  if (const std::size_t rest = p.k - j; rest > 0)
    add(
        j, [rest](const T* from) __attribute__((always_inline)) { return V::load(from, rest); });
  for (std::size_t r = 0; r < R; ++r) {
    T* c = p.c + (row + r) * p.c_stride + col;
    for (std::size_t i = 0; i < C; ++i) {
      const T product = p.alpha * add_lanes(sum[r][i]);
      c[i] = p.beta == T(0) ? product : product + p.beta * c[i];
    }
  }
}

/// Computes R rows × C vectors of C as a sum of outer products of columns of A and rows of B. If
/// kPartial is set, the last vector has only `last` lanes.
template <class V, std::size_t R, std::size_t C, bool kPartial>
void outer_block(const SmallProduct<typename V::Element>& p, std::size_t row, std::size_t col,
                 std::size_t last) {
  using T = typename V::Element;
  const auto get = [last](const T* from, std::size_t i) __attribute__((always_inline)) {
    return kPartial && i + 1 == C ? V::load(from, last) : V::load(from);
  };
  const T* a = p.a + row * p.a_row;
  const T* b = p.b + col;
  V sum[R][C];
  for (auto& line : sum)
    for (V& s : line) s = V::zero();
  for (std::size_t k = 0; k < p.k; ++k, a += p.a_k, b += p.b_stride) {
    V y[C];
    for (std::size_t i = 0; i < C; ++i) y[i] = get(b + i * V::kLanes, i);
    for (std::size_t r = 0; r < R; ++r) {
      const V x = V::set(a[r * p.a_row]);
      for (std::size_t i = 0; i < C; ++i) sum[r][i] = fma(x, y[i], sum[r][i]);
    }
  }
  const auto put = [&](auto combine) __attribute__((always_inline)) {
    for (std::size_t r = 0; r < R; ++r) {
      T* c = p.c + (row + r) * p.c_stride + col;
      for (std::size_t i = 0; i < C; ++i) {
        const V result = combine(sum[r][i], c + i * V::kLanes, i);
        if (kPartial && i + 1 == C)
          result.store(c + i * V::kLanes, last);
        else
          result.store(c + i * V::kLanes);
      }
    }
  };
  const V alpha = V::set(p.alpha), beta = V::set(p.beta);
  if (p.beta == T(0))
    put([&](V s, T*, std::size_t) __attribute__((always_inline)) { return alpha * s; });
  else
    put([&](V s, T * c, std::size_t i)
            __attribute__((always_inline)) { return fma(beta, get(c, i), alpha * s); });
}

/// Calls block(first, count) for pieces of `size` that are as equal as possible and at most
/// `largest`.
template <class Block>
[[gnu::always_inline]] inline void for_each_piece(std::size_t size, std::size_t largest,
                                                  Block block) {
  for (std::size_t pieces = (size + largest - 1) / largest, first = 0; pieces > 0; --pieces) {
    const std::size_t count = (size - first + pieces - 1) / pieces;
    block(first, count);
    first += count;
  }
}

/// Calls f.template operator()<n>() for n = count, 1 ≤ count ≤ N.
template <std::size_t N, class F>
[[gnu::always_inline]] inline void with_constant(std::size_t count, F f) {
  if constexpr (N > 1)
    if (count < N) return with_constant<N - 1>(count, f);
  f.template operator()<N>();
}

/// C ← alpha · A · Bᵀ + beta · C, the rows of A and of B contiguous. A few rows of B at a time,
/// which stay in the nearest cache, meet all rows of A.
template <class V>
void multiply_transposed(const SmallProduct<typename V::Element>& p) {
  for_each_piece(p.n, kDotColumns<V>, [&](std::size_t col, std::size_t cols) {
    for_each_piece(p.m, kDotRows<V>, [&](std::size_t row, std::size_t rows) {
      with_constant<kDotRows<V>>(rows, [&]<std::size_t R>() {
        with_constant<kDotColumns<V>>(cols,
                                      [&]<std::size_t C>() { dot_block<V, R, C>(p, row, col); });
      });
    });
  });
}

/// C ← alpha · A · B + beta · C, the rows of B contiguous, those of A at any strides.
template <class V>
void multiply(const SmallProduct<typename V::Element>& p) {
  const std::size_t vectors = (p.n + V::kLanes - 1) / V::kLanes;
  for_each_piece(p.m, kOuterRows<V>, [&](std::size_t row, std::size_t rows) {
    for_each_piece(vectors, kOuterVectors<V>, [&](std::size_t first, std::size_t count) {
      const std::size_t col = first * V::kLanes;
      const std::size_t last = p.n - col - (count - 1) * V::kLanes;
      with_constant<kOuterRows<V>>(rows, [&]<std::size_t R>() {
        with_constant<kOuterVectors<V>>(count, [&]<std::size_t C>() {
          if (last < V::kLanes)
            outer_block<V, R, C, true>(p, row, col, last);
          else
            outer_block<V, R, C, false>(p, row, col, last);
        });
      });
    });
  });
}

}  // namespace

}  // namespace nabla::kernels
