// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#include "math/simd.h"

// The kernels of batch normalisation, see batch_norm.h. Rows are added in ascending order. Internal
// linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// Calls body(j, count, vectors) for blocks of columns: four vectors of kLanes, or one of `count`,
/// so that several sums are under way at once.
template <class V, class Body>
[[gnu::always_inline]] inline void for_each_column_block(std::size_t cols, Body body) {
  constexpr std::size_t kWide = 4;
  std::size_t j = 0;
  for (; j + kWide * V::kLanes <= cols; j += kWide * V::kLanes)
    body(j, V::kLanes, std::integral_constant<std::size_t, kWide>());
  for_each_vector<V>(cols - j, [&](std::size_t k, std::size_t count) {
    body(j + k, count, std::integral_constant<std::size_t, 1>());
  });
}

template <class V>
void column_moments(const typename V::Element* z, std::size_t stride, std::size_t rows,
                    std::size_t cols, typename V::Element* means,
                    typename V::Element* square_distances) {
  const V count_rows = V::set(static_cast<typename V::Element>(rows));
  for_each_column_block<V>(cols, [&](std::size_t j, std::size_t count, auto vectors) {
    constexpr std::size_t kVectors = decltype(vectors)::value;
    V mean[kVectors], squares[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) mean[k] = squares[k] = V::zero();
    for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (std::size_t k = 0; k < kVectors; ++k)
        mean[k] = mean[k] + load<V>(z + r * stride + j + k * V::kLanes, count);
    for (std::size_t k = 0; k < kVectors; ++k) mean[k] = mean[k] / count_rows;
    for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (std::size_t k = 0; k < kVectors; ++k) {
        const V distance = load<V>(z + r * stride + j + k * V::kLanes, count) - mean[k];
        squares[k] = fma(distance, distance, squares[k]);
      }
    for (std::size_t k = 0; k < kVectors; ++k) {
      store(mean[k], means + j + k * V::kLanes, count);
      store(squares[k], square_distances + j + k * V::kLanes, count);
    }
  });
}

template <class V>
void normalize(typename V::Element* z, std::size_t z_stride, typename V::Element* y,
               std::size_t y_stride, std::size_t rows, std::size_t cols,
               const typename V::Element* mean, const typename V::Element* inverse_deviation,
               const typename V::Element* weight, const typename V::Element* bias) {
  for (std::size_t r = 0; r < rows; ++r, z += z_stride, y += y_stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      const V x = (load<V>(z + j, count) - load<V>(mean + j, count)) *
                  load<V>(inverse_deviation + j, count);
      store(x, z + j, count);
      store(fma(load<V>(weight + j, count), x, load<V>(bias + j, count)), y + j, count);
    });
  }
}

template <class V>
void column_sums_and_dots(const typename V::Element* delta, std::size_t delta_stride,
                          const typename V::Element* x, std::size_t x_stride, std::size_t rows,
                          std::size_t cols, typename V::Element* sums, typename V::Element* dots) {
  for_each_column_block<V>(cols, [&](std::size_t j, std::size_t count, auto vectors) {
    constexpr std::size_t kVectors = decltype(vectors)::value;
    V sum[kVectors], dot[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) sum[k] = dot[k] = V::zero();
    for (std::size_t r = 0; r < rows; ++r)
#pragma GCC unroll 4
      for (std::size_t k = 0; k < kVectors; ++k) {
        const std::size_t at = j + k * V::kLanes;
        const V d = load<V>(delta + r * delta_stride + at, count);
        sum[k] = sum[k] + d;
        dot[k] = fma(d, load<V>(x + r * x_stride + at, count), dot[k]);
      }
    for (std::size_t k = 0; k < kVectors; ++k) {
      store(sum[k], sums + j + k * V::kLanes, count);
      store(dot[k], dots + j + k * V::kLanes, count);
    }
  });
}

template <class V>
void normalize_back(typename V::Element* delta, std::size_t delta_stride,
                    const typename V::Element* x, std::size_t x_stride, std::size_t rows,
                    std::size_t cols, const typename V::Element* factor,
                    const typename V::Element* mean_delta, const typename V::Element* mean_dot) {
  for (std::size_t r = 0; r < rows; ++r, delta += delta_stride, x += x_stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      const V centred = load<V>(delta + j, count) - load<V>(mean_delta + j, count);
      const V d = negative_fma(load<V>(x + j, count), load<V>(mean_dot + j, count), centred);
      store(load<V>(factor + j, count) * d, delta + j, count);
    });
  }
}

}  // namespace

}  // namespace nabla::kernels
