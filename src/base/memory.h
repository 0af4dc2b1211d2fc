// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nabla {

/// Returns the bytes of memory in this machine; the largest number if the system does not tell.
std::size_t physical_memory();

}  // namespace nabla
