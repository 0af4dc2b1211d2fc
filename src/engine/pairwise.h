// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// Calls add(to, from) for each addition of the binary tree over `count` numbers; the last one
/// makes number 0 the sum of all. The sum of numbers a to b is that of a to m plus that of m to b,
/// m − a being the largest power of two below b − a.
template <class Add>
void add_pairwise(std::size_t count, Add add) {
  for (std::size_t distance = 1; distance < count; distance *= 2)
    for (std::size_t to = 0; to + distance < count; to += 2 * distance) add(to, to + distance);
}

}  // namespace nabla
