// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/bfloat16.h"
#include "math/kernel_table.h"
#include "math/simd.h"

// The kernels of dropout, see dropout.h. Internal linkage, as in simd.h.
namespace nabla::kernels {

namespace {

/// kBytes / 4 words of 32 bits, side by side. (g++ makes a vector of this size only if the type of
/// the element depends on a parameter, too.)
template <std::size_t kBytes, class Word = std::uint32_t, class Product = std::uint64_t>
struct Words {
  typedef Word Register __attribute__((vector_size(kBytes)));
  typedef Product Products __attribute__((vector_size(kBytes)));
  static constexpr std::size_t kLanes = kBytes / 4;

  /// Returns the 64-bit products of the even lanes.
  [[gnu::always_inline]] static Products multiply_even(Products words, std::uint32_t factor) {
#if defined(__AVX512F__)
    if constexpr (kBytes == 64) {
      return __builtin_bit_cast(
          Products, _mm512_maskz_mul_epu32(0xFF, __builtin_bit_cast(__m512i, words),
                                           _mm512_set1_epi32(static_cast<int>(factor))));
    }
#elif defined(__AVX2__)
    if constexpr (kBytes == 32) {
      return __builtin_bit_cast(Products,
                                _mm256_mul_epu32(__builtin_bit_cast(__m256i, words),
                                                 _mm256_set1_epi32(static_cast<int>(factor))));
    }
#elif defined(__SSE2__)
    if constexpr (kBytes == 16) {
      return __builtin_bit_cast(Products, _mm_mul_epu32(__builtin_bit_cast(__m128i, words),
                                                        _mm_set1_epi32(static_cast<int>(factor))));
    }
#endif
    return (words & 0xFFFFFFFFu) * factor;
  }

  /// Computes the high and low halves of words · factor.
  [[gnu::always_inline]] static void multiply(Register words, std::uint32_t factor, Register& high,
                                              Register& low) {
    constexpr std::uint64_t kLow = 0xFFFFFFFFu;
    const auto wide = __builtin_bit_cast(Products, words);
    const Products even = multiply_even(wide, factor), odd = multiply_even(wide >> 32, factor);
    high = __builtin_bit_cast(Register, (even >> 32) | (odd & ~kLow));
    low = __builtin_bit_cast(Register, (even & kLow) | (odd << 32));
  }
};

/// Computes the 64 words of units [64 · group, 64 · group + 64) in one row: word 16 w + l is word w
/// of the Philox block with the counter {16 · group + l, row, batch, epoch}, see
/// base/random.h.
template <std::size_t kBytes>
[[gnu::always_inline]] inline void mask_words(const DropoutMask& mask, std::uint32_t row,
                                              std::uint32_t group, std::uint32_t* words) {
  using W = Words<kBytes>;
  using Register = typename W::Register;
  constexpr std::size_t kBlocks = 16;
  for (std::size_t first = 0; first < kBlocks; first += W::kLanes) {
    Register counter0, counter1 = Register{} + row, counter2 = Register{} + mask.batch,
                       counter3 = Register{} + mask.epoch;
    for (std::size_t l = 0; l < W::kLanes; ++l)
      counter0[l] = static_cast<std::uint32_t>(group * kBlocks + first + l);
    std::uint32_t key0 = mask.key[0], key1 = mask.key[1];
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      Register high0, low0, high1, low1;
      W::multiply(counter0, 0xD2511F53u, high0, low0);
      W::multiply(counter2, 0xCD9E8D57u, high1, low1);
      counter0 = high1 ^ counter1 ^ key0;
      counter1 = low1;
      counter2 = high0 ^ counter3 ^ key1;
      counter3 = low0;
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    const Register blocks[4] = {counter0, counter1, counter2, counter3};
    for (std::size_t w = 0; w < 4; ++w)
      __builtin_memcpy(words + w * kBlocks + first, &blocks[w], sizeof(Register));
  }
}

/// Calls use(r, j, size, words) for pieces of the units of each row: the words of units
/// [j, j + size) of those given, which so many words follow that a vector may be read from each.
template <class V, class Use>
[[gnu::always_inline]] inline void for_mask_words(const DropoutMask& mask, std::size_t first_row,
                                                  std::size_t first_unit, std::size_t rows,
                                                  std::size_t cols, Use use) {
  constexpr std::size_t kGroup = 64;
  std::uint32_t words[kGroup + V::kLanes] = {};
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t j = 0; j < cols;) {
      const std::size_t unit = first_unit + j, offset = unit % kGroup;
      const std::size_t size = cols - j < kGroup - offset ? cols - j : kGroup - offset;
      mask_words<sizeof(V)>(mask, static_cast<std::uint32_t>(first_row + r),
                            static_cast<std::uint32_t>(unit / kGroup), words);
      use(r, j, size, static_cast<const std::uint32_t*>(words + offset));
      j += size;
    }
}

template <class V>
void drop_units(const DropoutMask& mask, std::size_t first_row, std::size_t first_unit,
                typename V::Element* a, std::size_t stride, std::size_t rows, std::size_t cols) {
  using Lanes = typename Words<V::kLanes * 4>::Register;
  const V dropped = V::from_bits(typename V::Mask{} | V::kSignBit);
  for_mask_words<V>(
      mask, first_row, first_unit, rows, cols,
      [&](std::size_t r, std::size_t j, std::size_t size, const std::uint32_t* words) {
        typename V::Element* const units = a + r * stride + j;
        for_each_vector<V>(size, [&](std::size_t k, std::size_t count) {
          Lanes lanes;
          __builtin_memcpy(&lanes, words + k, sizeof lanes);
          const auto below = lanes < mask.threshold;
          // A kept −0 becomes +0, as −0 stands for a dropped unit.
          const V kept = load<V>(units + k, count) + V::zero();
          store(blend(__builtin_convertvector(below, typename V::Mask), dropped, kept), units + k,
                count);
        });
      });
}

template <class V>
void drop_units(const DropoutMask& mask, std::size_t first_row, std::size_t first_unit,
                bfloat16_t* a, std::size_t stride, std::size_t rows, std::size_t cols) {
  constexpr std::uint16_t kMinusZero = 0x8000;
  for_mask_words<V>(
      mask, first_row, first_unit, rows, cols,
      [&](std::size_t r, std::size_t j, std::size_t size, const std::uint32_t* words) {
        bfloat16_t* const units = a + r * stride + j;
        for (std::size_t k = 0; k < size; ++k) {
          const std::uint16_t bits = units[k].bits;
          const auto kept = static_cast<std::uint16_t>(bits == kMinusZero ? 0 : bits);
          units[k].bits = words[k] < mask.threshold ? kMinusZero : kept;
        }
      });
}

template <class V>
void zero_dropped(const typename V::Element* a, std::size_t a_stride, typename V::Element* delta,
                  std::size_t delta_stride, std::size_t rows, std::size_t cols) {
  for (std::size_t r = 0; r < rows; ++r, a += a_stride, delta += delta_stride) {
    for_each_vector<V>(cols, [&](std::size_t j, std::size_t count) {
      const typename V::Mask dropped =
          load<V>(a + j, count).bits() == (typename V::Mask{} | V::kSignBit);
      store(blend(dropped, V::zero(), load<V>(delta + j, count)), delta + j, count);
    });
  }
}

}  // namespace

}  // namespace nabla::kernels
