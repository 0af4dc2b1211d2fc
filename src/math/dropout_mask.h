// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nabla::kernels {

/// Which units of one layer a training step leaves out: unit u of row r where word
/// u / 16 % 4 of the Philox block with counter {u / 64 · 16 + u % 16, r, batch, epoch} and this key
/// is below the threshold. A pure function of its place, so that it depends on no order of
/// computation.
struct DropoutMask {
  std::uint32_t key[2];     ///< of seed and layer
  std::uint32_t epoch;      ///< from 0
  std::uint32_t batch;      ///< within the epoch, from 0
  std::uint32_t threshold;  ///< fraction dropped · 2³²
};

}  // namespace nabla::kernels
