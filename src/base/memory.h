// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// Returns the bytes of memory in this machine; the largest number if the system does not tell.
std::size_t physical_memory();

/// Asks the system for huge pages behind this block, which cost fewer page faults when it is first
/// written; does nothing for small blocks, or if the system has none.
void prefer_huge_pages(void* block, std::size_t bytes);

}  // namespace nabla
