// SPDX-License-Identifier: MIT
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <type_traits>

// Vectors for the kernels, and loops over rows of them. This header is compiled several times with
// different instruction sets. Everything in it, and in all that builds on it, is therefore in an
// anonymous namespace: a function with external linkage, compiled for AVX-512 here and for the
// baseline elsewhere, would be merged by the linker, and the copy it keeps could be the one that
// this CPU cannot run. For the same reason no function of the standard library is called.
namespace nabla::kernels {

namespace {

/// kBytes / sizeof(T) lanes of T. The compiler's operators on vector types do the arithmetic, for
/// 16 bytes by plain SSE2, NEON or the like; only operations without an operator are spelt with
/// intrinsics.
template <class T, std::size_t kBytes>
struct Simd {
  using Element = T;
  using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  typedef T Register __attribute__((vector_size(kBytes)));
  typedef Bits Mask __attribute__((vector_size(kBytes)));  // a lane has all bits set, or none
  static constexpr std::size_t kLanes = kBytes / sizeof(T);
  /// The vector of double that holds half the lanes of a vector of float.
  using Wide = Simd<double, kBytes>;

  Register v;

  [[gnu::always_inline]] static Simd set(T x) { return {x - Register{}}; }
  [[gnu::always_inline]] static Simd zero() { return {Register{}}; }
  [[gnu::always_inline]] static Simd from_bits(Mask bits) {
    return {__builtin_bit_cast(Register, bits)};
  }
  [[gnu::always_inline]] Mask bits() const { return __builtin_bit_cast(Mask, v); }

  /// Returns a mask that is set in the first `count` lanes.
  [[gnu::always_inline]] static Mask first_lanes(std::size_t count) {
    Mask lane;
    for (std::size_t i = 0; i < kLanes; ++i) lane[i] = static_cast<Bits>(i);
    return lane < static_cast<Bits>(count);
  }

  [[gnu::always_inline]] static Simd load(const T* from) {
    Simd x;
    __builtin_memcpy(&x.v, from, kBytes);
    return x;
  }
  [[gnu::always_inline]] void store(T* to) const { __builtin_memcpy(to, &v, kBytes); }

  /// Reads the first `count` lanes and no memory behind them; the others are zero. 0 < count <
  /// kLanes.
  [[gnu::always_inline]] static Simd load(const T* from, std::size_t count) {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64 && sizeof(T) == 4) {
      return {_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from)};
    } else if constexpr (kBytes == 64) {
      return {_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1), from)};
    }
#elif defined(__AVX2__)
    if constexpr (kBytes == 32 && sizeof(T) == 4) {
      return {_mm256_maskload_ps(from, __builtin_bit_cast(__m256i, first_lanes(count)))};
    } else if constexpr (kBytes == 32) {
      return {_mm256_maskload_pd(from, __builtin_bit_cast(__m256i, first_lanes(count)))};
    }
#endif
    Simd x = zero();
    for (std::size_t i = 0; i < kLanes - 1; ++i)
      if (i < count) x.v[i] = from[i];
    return x;
  }

  /// Writes the first `count` lanes and nothing behind them. 0 < count < kLanes.
  [[gnu::always_inline]] void store(T* to, std::size_t count) const {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64 && sizeof(T) == 4) {
      _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), v);
      return;
    } else if constexpr (kBytes == 64) {
      _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1u << count) - 1), v);
      return;
    }
#elif defined(__AVX2__)
    if constexpr (kBytes == 32 && sizeof(T) == 4) {
      _mm256_maskstore_ps(to, __builtin_bit_cast(__m256i, first_lanes(count)), v);
      return;
    } else if constexpr (kBytes == 32) {
      _mm256_maskstore_pd(to, __builtin_bit_cast(__m256i, first_lanes(count)), v);
      return;
    }
#endif
    for (std::size_t i = 0; i < kLanes - 1; ++i)
      if (i < count) to[i] = v[i];
  }

  /// Reads kLanes bytes as numbers 0 to 255. (The zero-masking forms with all lanes chosen are
  /// plain conversions that g++ 12 compiles without a false warning.)
  [[gnu::always_inline]] static Simd from_bytes(const std::uint8_t* bytes) {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64 && sizeof(T) == 4) {
      const __m128i raw = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
      return {_mm512_maskz_cvtepi32_ps(0xFFFF, _mm512_maskz_cvtepu8_epi32(0xFFFF, raw))};
    } else if constexpr (kBytes == 64) {
      const __m128i raw = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes));
      return {_mm512_maskz_cvtepi32_pd(0xFF, _mm256_cvtepu8_epi32(raw))};
    }
#elif defined(__AVX2__)
    if constexpr (kBytes == 32 && sizeof(T) == 4) {
      const __m128i raw = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes));
      return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(raw))};
    }
#endif
    Simd x;
    for (std::size_t i = 0; i < kLanes; ++i) x.v[i] = static_cast<T>(bytes[i]);
    return x;
  }

  [[gnu::always_inline]] friend Simd operator+(Simd a, Simd b) { return {a.v + b.v}; }
  [[gnu::always_inline]] friend Simd operator-(Simd a, Simd b) { return {a.v - b.v}; }
  [[gnu::always_inline]] friend Simd operator*(Simd a, Simd b) { return {a.v * b.v}; }
  [[gnu::always_inline]] friend Simd operator/(Simd a, Simd b) { return {a.v / b.v}; }
  [[gnu::always_inline]] friend Mask operator>(Simd a, Simd b) { return a.v > b.v; }
  [[gnu::always_inline]] friend Mask is_nan(Simd a) { return a.v != a.v; }
  [[gnu::always_inline]] friend Simd blend(Mask mask, Simd yes, Simd no) {
    return {mask ? yes.v : no.v};
  }
  /// Returns b in lanes in which a or b is NaN: the constant goes first, so that NaN passes.
  [[gnu::always_inline]] friend Simd max(Simd a, Simd b) { return {a.v > b.v ? a.v : b.v}; }
  [[gnu::always_inline]] friend Simd min(Simd a, Simd b) { return {a.v < b.v ? a.v : b.v}; }

  static constexpr Bits kSignBit = static_cast<Bits>(Bits{1} << (sizeof(T) * 8 - 2)) * -2;
  [[gnu::always_inline]] friend Simd abs(Simd a) { return from_bits(a.bits() & ~kSignBit); }
  [[gnu::always_inline]] friend Simd negative_abs(Simd a) { return from_bits(a.bits() | kSignBit); }
  [[gnu::always_inline]] friend Simd copy_sign(Simd magnitude, Simd sign) {
    return from_bits((magnitude.bits() & ~kSignBit) | (sign.bits() & kSignBit));
  }

  [[gnu::always_inline]] friend Simd sqrt(Simd a) {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64 && sizeof(T) == 4) {
      return {_mm512_maskz_sqrt_ps(0xFFFF, a.v)};
    } else if constexpr (kBytes == 64) {
      return {_mm512_maskz_sqrt_pd(0xFF, a.v)};
    }
#elif defined(__AVX2__)
    if constexpr (kBytes == 32 && sizeof(T) == 4) {
      return {_mm256_sqrt_ps(a.v)};
    } else if constexpr (kBytes == 32) {
      return {_mm256_sqrt_pd(a.v)};
    }
#endif
    Simd root;
    for (std::size_t i = 0; i < kLanes; ++i)
      root.v[i] = sizeof(T) == 4 ? static_cast<T>(__builtin_sqrtf(static_cast<float>(a.v[i])))
                                 : static_cast<T>(__builtin_sqrt(static_cast<double>(a.v[i])));
    return root;
  }

  /// Returns a·b + c, rounded once if the instruction set can.
  [[gnu::always_inline]] friend Simd fma(Simd a, Simd b, Simd c) {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64 && sizeof(T) == 4) {
      return {_mm512_fmadd_ps(a.v, b.v, c.v)};
    } else if constexpr (kBytes == 64) {
      return {_mm512_fmadd_pd(a.v, b.v, c.v)};
    }
#elif defined(__FMA__)
    if constexpr (kBytes == 32 && sizeof(T) == 4) {
      return {_mm256_fmadd_ps(a.v, b.v, c.v)};
    } else if constexpr (kBytes == 32) {
      return {_mm256_fmadd_pd(a.v, b.v, c.v)};
    }
#endif
    return {a.v * b.v + c.v};
  }
  /// Returns c − a·b, rounded likewise.
  [[gnu::always_inline]] friend Simd negative_fma(Simd a, Simd b, Simd c) {
    return fma(Simd{-a.v}, b, c);
  }

  /// Returns lanes [0, kLanes / 2) of a vector of float, or the rest if `part` is 1, as double.
  [[gnu::always_inline]] Wide widen(std::size_t part) const {
    typedef T Half __attribute__((vector_size(kBytes / 2)));
    Half half;
    __builtin_memcpy(&half, reinterpret_cast<const char*>(&v) + part * (kBytes / 2), kBytes / 2);
    return {__builtin_convertvector(half, typename Wide::Register)};
  }
};

template <class T>
[[gnu::always_inline]] inline T larger(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a > b ? a : b;
  } else {
    return max(a, b);
  }
}

/// Combines all lanes, the upper half with the lower one until one is left.
template <class T, std::size_t kBytes, class Combine>
[[gnu::always_inline]] inline T fold_lanes(Simd<T, kBytes> x, Combine combine) {
  if constexpr (kBytes > 16) {
    Simd<T, kBytes / 2> halves[2];
    __builtin_memcpy(halves, &x.v, kBytes);
    return fold_lanes(combine(halves[0], halves[1]), combine);
  } else if constexpr (sizeof(T) == 4) {
    return combine(combine(x.v[0], x.v[2]), combine(x.v[1], x.v[3]));
  } else {
    return combine(x.v[0], x.v[1]);
  }
}

// Loops over the vectors of a row, and sums over them. The last lanes of a row go through the same
// vector code as the others, loaded and stored partially, so that no element depends on its place.

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

/// Returns the largest lane. May lose a NaN, which then reaches the result through the
/// exponentials.
template <class V>
[[gnu::always_inline]] inline typename V::Element largest_lane(V x) {
  return fold_lanes(x, [](auto a, auto b) { return larger(a, b); });
}

/// A sum in double in 16 parts, interleaved by index, whatever the width of the vectors, so that
/// all instruction sets add in the same order.
template <class V>
class DoubleSum {
  using Wide = typename V::Wide;
  static constexpr std::size_t kParts = 16;
  static constexpr std::size_t kVectors = kParts / V::kLanes;

 public:
  /// Adds transform(term(j, count)) over a row. `term` gives a V, whose lanes from count on are
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
