// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace nabla {

/// Reads the number in the sizeof(T) bytes at `bytes`, which need no alignment. T is an integer of
/// fixed width, float or double.
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

}  // namespace nabla
