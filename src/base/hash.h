// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nabla {

/// XXH64 of the bytes with seed 0, as in the specification of xxHash 0.2 by Yann Collet: 64 bits
/// that tell contents apart that differ by accident, many times faster than SHA-256. It is no
/// protection against contents that are made to have the same hash.
std::uint64_t xxh64(std::span<const std::byte> content);

}  // namespace nabla
