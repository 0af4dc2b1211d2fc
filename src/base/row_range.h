// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// Rows [first, first + count) of a mini-batch.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

}  // namespace nabla
