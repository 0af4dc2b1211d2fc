// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace nabla {

/// Reads the number in the sizeof(T) bytes at `bytes`, which need no alignment. T is an integer of
/// fixed width, a struct of one, as Float16, float or double.
template <class T>
T load_number(const std::byte* bytes, bool big_endian) {
  using Bits = std::conditional_t<
      sizeof(T) == 1, std::uint8_t,
      std::conditional_t<sizeof(T) == 2, std::uint16_t,
                         std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const std::byte byte = bytes[big_endian ? i : sizeof(T) - 1 - i];
    bits = static_cast<Bits>((std::uint64_t{bits} << 8) | std::to_integer<Bits>(byte));
  }
  return std::bit_cast<T>(bits);
}

/// Returns the number that was stored.
template <class Number>
Number value_of(Number stored) {
  return stored;
}

/// A stored number of IEEE 754's half precision, which C++20 has no type for.
struct Float16 {
  std::uint16_t bits = 0;
};

/// Returns the number exactly.
inline float value_of(Float16 stored) {
  const int exponent = stored.bits >> 10 & 0x1f;
  const auto fraction = static_cast<float>(stored.bits & 0x3ff);
  const float sign = (stored.bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x1f)
    return sign * (fraction == 0 ? std::numeric_limits<float>::infinity()
                                 : std::numeric_limits<float>::quiet_NaN());
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

}  // namespace nabla
