// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "math/simd.h"

// Loops over the vectors of a row and sums over them. The last lanes of a row go through the same
// vector code as the others, loaded and stored partially, so that no element depends on its place.
// Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// Calls body(j, count) for the vectors of a row: count is kLanes, or less for the last one.
template <class V, class Body>
[[gnu::always_inline]] inline void for_each_vector(std::size_t cols, Body body) {
  std::size_t j = 0;
  for (; j + V::kLanes <= cols; j += V::kLanes) body(j, V::kLanes);
  if (j < cols) body(j, cols - j);
}

template <class V>
[[gnu::always_inline]] inline V load(const typename V::Element* from, std::size_t count) {
  return count == V::kLanes ? V::load(from) : V::load(from, count);
}

template <class V>
[[gnu::always_inline]] inline void store(V x, typename V::Element* to, std::size_t count) {
  if (count == V::kLanes) {
    x.store(to);
  } else {
    x.store(to, count);
  }
}

template <class V>
[[gnu::always_inline]] inline typename V::Element add_lanes(V x) {
  return fold_lanes(x, [](auto a, auto b) { return a + b; });
}

/// May lose a NaN, which then reaches the result through the exponentials.
template <class V>
[[gnu::always_inline]] inline typename V::Element largest_lane(V x) {
  return fold_lanes(x, [](auto a, auto b) { return larger(a, b); });
}

/// A sum in double in 16 interleaved parts by index, whatever the width of the vectors, so that
/// all instruction sets add in the same order.
template <class V>
class DoubleSum {
  using Wide = typename V::Wide;
  static constexpr std::size_t kParts = 16;
  static constexpr std::size_t kVectors = kParts / V::kLanes;

 public:
  /// Adds transform(term(j, count)) over a row, where term gives a V; lanes from count on are
  /// left out.
  template <class Term, class Transform>
  [[gnu::always_inline]] void add_row(std::size_t cols, Term term, Transform transform) {
    std::size_t j = 0;
    for (; j + kParts <= cols; j += kParts) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < kVectors; ++k) {
        add(k, term(j + k * V::kLanes, V::kLanes), transform);
      }
    }
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kVectors; ++k) {
      const std::size_t first = j + k * V::kLanes;
      if (first + V::kLanes <= cols) {
        add(k, term(first, V::kLanes), transform);
      } else if (first < cols) {
        const V last = term(first, cols - first);
        add(k, blend(V::first_lanes(cols - first), last, V::zero()), transform);
      }
    }
  }

  [[gnu::always_inline]] double total() const {
    Wide parts[kParts / Wide::kLanes];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kParts / Wide::kLanes; ++k) parts[k] = sums_[k];
#pragma GCC unroll 8
    for (std::size_t width = kParts / Wide::kLanes / 2; width > 0; width /= 2) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < width; ++k) parts[k] = parts[k] + parts[k + width];
    }
    return add_lanes(parts[0]);
  }

 private:
  template <class Transform>
  [[gnu::always_inline]] void add(std::size_t k, V x, Transform transform) {
    if constexpr (sizeof(typename V::Element) == sizeof(double)) {
      sums_[k] = sums_[k] + transform(x);
    } else {
      sums_[2 * k] = sums_[2 * k] + transform(x.widen(0));
      sums_[2 * k + 1] = sums_[2 * k + 1] + transform(x.widen(1));
    }
  }

  Wide sums_[kParts / Wide::kLanes] = {};
};

}  // namespace

}  // namespace nabla::kernels
