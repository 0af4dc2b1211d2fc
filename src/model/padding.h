// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// Elements of a 64-byte cache line in single precision; the layout is the same for double. Images
/// in bfloat16 have twice as many.
inline constexpr std::size_t kLine = 16;
inline constexpr std::size_t kImageLine = 32;

/// The whole cache lines that `n` elements need, in elements.
constexpr std::size_t round_to_lines(std::size_t n, std::size_t line = kLine) {
  return (n + line - 1) / line * line;
}

/// Distance between rows of `cols` elements: whole cache lines, and never a multiple of 512
/// elements, because rows 4096 bytes apart fall into the same cache sets.
constexpr std::size_t padded_stride(std::size_t cols, std::size_t line = kLine) {
  const std::size_t stride = round_to_lines(cols, line);
  return stride % 512 == 0 ? stride + line : stride;
}

}  // namespace nabla
