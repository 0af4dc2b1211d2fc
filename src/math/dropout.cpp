// SPDX-License-Identifier: MIT
#include "math/dropout.h"

#include <array>
#include <cstdint>

#include "base/random.h"

namespace nabla {

bool is_dropped(const kernels::DropoutMask& mask, std::size_t row, std::size_t unit) {
  const auto block = static_cast<std::uint32_t>(unit / 64 * 16 + unit % 16);
  const std::array<std::uint32_t, 4> words = philox4x32(
      {block, static_cast<std::uint32_t>(row), mask.batch, mask.epoch}, {mask.key[0], mask.key[1]});
  return words[unit / 16 % 4] < mask.threshold;
}

}  // namespace nabla
