// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/elementwise_activations.h"
#include "math/simd.h"

// The kernels of nabla/math/elementwise.h: on matrices, then on flat arrays. Internal linkage, as
// in simd.h.
namespace nabla::kernels {

namespace {

/// Does add_bias_apply on rows without gaps, taken as one long row: vectors are full however narrow
/// the rows are, and no load touches the bytes of the store just before it. 0 < cols ≤ kMaxCols.
template <class V, class Function, std::size_t kMaxCols>
[[gnu::always_inline]] inline void add_bias_apply_flat(const typename V::Element* bias,
                                                       typename V::Element* z, std::size_t rows,
                                                       std::size_t cols) {
  typename V::Element repeated[kMaxCols + V::kLanes];
  for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
    store(load<V>(bias + j, count), repeated + j, count);
  });
  for (std::size_t j = 0; j < V::kLanes; ++j) repeated[cols + j] = repeated[j];
  const std::size_t step = V::kLanes % cols;
  std::size_t column = 0;
  for_each_vector<V>(rows * cols, [&](std::size_t j, std::size_t count) {
    const V x = load<V>(z + j, count) + V::load(repeated + column);
    store(Function::apply(x), z + j, count);
    column += step;
    if (column >= cols) column -= cols;
  });
}

template <class V, class Function>
void add_bias_apply(const typename V::Element* bias, typename V::Element* z, std::size_t stride,
                    std::size_t rows, std::size_t cols) {
  constexpr std::size_t kMaxFlatCols = 128;
  // Vectors of 16 bytes gain nothing, as they have no masked loads to wait for.
  constexpr bool kFlattens = sizeof(V) > 16;
  if (bias == nullptr && stride == cols) {
    cols *= rows;
    rows = 1;
  } else if (kFlattens && stride == cols && rows > 1 && cols > 0 && cols <= kMaxFlatCols) {
    return add_bias_apply_flat<V, Function, kMaxFlatCols>(bias, z, rows, cols);
  }
  for (std::size_t r = 0; r < rows; ++r, z += stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      V x = load<V>(z + j, count);
      if (bias != nullptr) x = x + load<V>(bias + j, count);
      store(Function::apply(x), z + j, count);
    });
  }
}

template <class V, class Function>
void add_bias_keep_apply(const typename V::Element* bias, typename V::Element* z,
                         std::size_t z_stride, typename V::Element* a, std::size_t a_stride,
                         std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r, z += z_stride, a += a_stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      V x = load<V>(z + j, count);
      if (bias != nullptr) x = x + load<V>(bias + j, count);
      store(x, z + j, count);
      store(Function::apply(x), a + j, count);
    });
  }
}

template <class Function, class V>
[[gnu::always_inline]] inline V derivative(V a_or_z) {
  if constexpr (traits_of(Function::kActivation).needs_z)
    return Function::derivative_of_z(a_or_z);
  else
    return Function::derivative_of_a(a_or_z);
}

template <class V, class Function>
void multiply_derivative(const typename V::Element* a_or_z, std::size_t stride,
                         typename V::Element* delta, std::size_t delta_stride, std::size_t rows,
                         std::size_t cols) {
  if (stride == cols && delta_stride == cols) {
    cols *= rows;
    rows = 1;
  }
  for (std::size_t r = 0; r < rows; ++r, a_or_z += stride, delta += delta_stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      const V slope = derivative<Function>(load<V>(a_or_z + j, count));
      store(load<V>(delta + j, count) * slope, delta + j, count);
    });
  }
}

/// Returns the largest of the elements that read(j, count) gives, in every lane.
template <class V, class Read>
[[gnu::always_inline]] inline V largest_in_row(std::size_t cols, Read read) {
  V largest = V::set(-__builtin_inff());
  for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
    V x = read(j, count);
    if (count < V::kLanes) x = blend(V::first_lanes(count), x, largest);
    largest = max(largest, x);
  });
  return V::set(largest_lane(largest));
}

/// Returns exp(x − largest), and zero from lane `count` on.
template <class V>
[[gnu::always_inline]] inline V shifted_exp(V x, V largest, std::size_t count) {
  const V e = exp_nonpositive(x - largest);
  return count < V::kLanes ? blend(V::first_lanes(count), e, V::zero()) : e;
}

template <class V>
void add_bias_softmax(const typename V::Element* bias, typename V::Element* z, std::size_t stride,
                      std::size_t rows, std::size_t cols, typename V::Element* log_sum) {
  using T = typename V::Element;
  // Up to kLanes rows are taken through each phase together, for one vector of logarithms. Narrow
  // rows are worked on in a buffer padded with −∞, so that no load waits for the masked store of
  // the row before it.
  constexpr std::size_t kBuffer = 1024;
  T buffer[kBuffer];
  const std::size_t padded = (cols + V::kLanes - 1) / V::kLanes * V::kLanes;
  const bool buffered = padded > 0 && padded * 4 <= kBuffer;
  const std::size_t block = buffered && kBuffer / padded < V::kLanes ? kBuffer / padded : V::kLanes;
  const std::size_t width = buffered ? padded : cols;
  T shifts[V::kLanes] = {}, sums[V::kLanes] = {};
  for (std::size_t first = 0; first < rows; first += block) {
    const std::size_t count_rows = rows - first < block ? rows - first : block;
    T* const block_z = z + first * stride;
    T* const work = buffered ? buffer : block_z;
    const std::size_t work_stride = buffered ? padded : stride;
    for (std::size_t r = 0; r < count_rows; ++r) {
      const V largest = largest_in_row<V>(cols, [&](std::size_t j, std::size_t count) {
        V x = load<V>(block_z + r * stride + j, count);
        if (bias != nullptr) x = x + load<V>(bias + j, count);
        if (count < V::kLanes) x = blend(V::first_lanes(count), x, V::set(-__builtin_inff()));
        store(x, work + r * work_stride + j, buffered ? V::kLanes : count);
        return x;
      });
      shifts[r] = largest.v[0];
    }
    for (std::size_t r = 0; r < count_rows; ++r) {
      V parts = V::zero();
      for_each_vector<V>(width, [&](std::size_t j, std::size_t count) {
        T* const at = work + r * work_stride + j;
        const V e = shifted_exp(load<V>(at, count), V::set(shifts[r]), count);
        parts = parts + e;
        store(e, at, count);
      });
      sums[r] = add_lanes(parts);
    }
    for (std::size_t r = 0; r < count_rows; ++r) {
      const V sum = V::set(sums[r]);
      for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
        const V e = load<V>(work + r * work_stride + j, buffered ? V::kLanes : count);
        store(e / sum, block_z + r * stride + j, count);
      });
    }
    if (log_sum != nullptr) {
      const V logarithms = V::load(shifts) + log_positive(V::load(sums));
      store(logarithms, log_sum + first, count_rows);
    }
  }
}

template <class V>
void sigmoid_cross_entropy(const typename V::Element* z, std::size_t z_stride,
                           const typename V::Element* y, std::size_t y_stride, std::size_t rows,
                           std::size_t cols, double* row_cost) {
  for (std::size_t r = 0; r < rows; ++r, z += z_stride, y += y_stride) {
    DoubleSum<V> sum;
    // The large terms max(z, 0) and y z are subtracted before the small one is added.
    const auto term = [&](std::size_t j, std::size_t count) {
      const V x = load<V>(z + j, count);
      const V linear = negative_fma(load<V>(y + j, count), x, positive_part(x));
      return linear + log1p_fraction(exp_nonpositive(negative_abs(x)));
    };
    sum.add_row(cols, term, [](auto x) { return x; });
    row_cost[r] = sum.total();
  }
}

template <class V>
void softmax_cross_entropy(const typename V::Element* z, std::size_t z_stride,
                           const typename V::Element* y, std::size_t y_stride, std::size_t rows,
                           std::size_t cols, double* row_cost) {
  for (std::size_t r = 0; r < rows; ++r, z += z_stride, y += y_stride) {
    const V largest = largest_in_row<V>(
        cols, [&](std::size_t j, std::size_t count) { return load<V>(z + j, count); });
    V parts = V::zero();
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      parts = parts + shifted_exp(load<V>(z + j, count), largest, count);
    });
    const V logarithm = log_positive(V::set(add_lanes(parts)));
    DoubleSum<V> sum;
    const auto term = [&](std::size_t j, std::size_t count) {
      return load<V>(y + j, count) * (logarithm + (largest - load<V>(z + j, count)));
    };
    sum.add_row(cols, term, [](auto x) { return x; });
    row_cost[r] = sum.total();
  }
}

/// Sums the columns from `first` on: kVectors · kLanes of them, or `count` if kVectors is 1.
template <class V, std::size_t kVectors>
[[gnu::always_inline]] inline void column_block(typename V::Element alpha,
                                                const typename V::Element* delta,
                                                std::size_t stride, std::size_t rows,
                                                std::size_t first, std::size_t count,
                                                typename V::Element beta,
                                                typename V::Element* sums) {
  V parts[kVectors];
#pragma GCC unroll 8
  for (std::size_t k = 0; k < kVectors; ++k) parts[k] = V::zero();
  for (std::size_t r = 0; r < rows; ++r, delta += stride) {
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kVectors; ++k) {
      parts[k] = parts[k] + load<V>(delta + first + k * V::kLanes, count);
    }
  }
#pragma GCC unroll 8
  for (std::size_t k = 0; k < kVectors; ++k) {
    typename V::Element* const to = sums + first + k * V::kLanes;
    V result = V::set(alpha) * parts[k];
    if (beta != 0) result = fma(V::set(beta), load<V>(to, count), result);
    store(result, to, count);
  }
}

template <class V>
void column_sums(typename V::Element alpha, const typename V::Element* delta, std::size_t stride,
                 std::size_t rows, std::size_t cols, typename V::Element beta,
                 typename V::Element* sums) {
  constexpr std::size_t kUnrolled = 8, kBlock = kUnrolled * V::kLanes;
  std::size_t j = 0;
  for (; j + kBlock <= cols; j += kBlock)
    column_block<V, kUnrolled>(alpha, delta, stride, rows, j, V::kLanes, beta, sums);
  for_each_vector<V>(cols - j, [&](std::size_t k, std::size_t count) {
    column_block<V, 1>(alpha, delta, stride, rows, j + k, count, beta, sums);
  });
}

// Kernels on flat arrays.

template <class V>
void convert_bytes(const std::uint8_t* bytes, std::size_t size, typename V::Element scale,
                   typename V::Element* out) {
  const V factor = V::set(scale);
  std::size_t j = 0;
  for (; j + V::kLanes <= size; j += V::kLanes) (V::from_bytes(bytes + j) * factor).store(out + j);
  // Bytes convert exactly, so the product is rounded once, as in the vectors.
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
  // x − x is +0 if x is finite, else NaN.
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
