// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

namespace nabla {

/// A number of the format bfloat16: the upper half of a float, so 8 bits of exponent and 7 of
/// mantissa.
struct bfloat16_t {
  std::uint16_t bits;
};

/// Exact.
constexpr float to_float(bfloat16_t x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16);
}

/// The nearest bfloat16, ties to even, as AVX512-BF16 rounds: a subnormal number becomes a zero of
/// its sign, NaN stays NaN.
constexpr bfloat16_t to_bfloat16(float x) {
  constexpr std::uint32_t kExponent = 0x7F800000U, kMantissa = 0x007FFFFFU;
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto upper = static_cast<std::uint16_t>(bits >> 16);
  if ((bits & kExponent) == 0) return {static_cast<std::uint16_t>(upper & 0x8000U)};
  if ((bits & kExponent) == kExponent && (bits & kMantissa) != 0)
    return {static_cast<std::uint16_t>(upper | 0x0040U)};
  return {static_cast<std::uint16_t>((bits + 0x7FFFU + (upper & 1U)) >> 16)};
}

}  // namespace nabla
