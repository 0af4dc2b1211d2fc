// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

namespace nabla {

/// Rows [first, first + count) of a mini-batch.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;

  std::size_t end() const { return first + count; }
};

/// The rows that consecutive, non-empty ranges cover together.
inline RowRange covered(std::span<const RowRange> ranges) {
  assert(!ranges.empty());
  return {ranges.front().first, ranges.back().end() - ranges.front().first};
}

}  // namespace nabla
