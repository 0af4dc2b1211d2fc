// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace nabla::testing_support {

/// Calls of malloc and its like, operator new among them, in this process so far, by any thread;
/// nothing if a sanitizer keeps them to itself or the C library is not glibc.
std::optional<std::size_t> allocations();

/// The largest of them since the last call, in bytes.
std::optional<std::size_t> largest_allocation();

/// Bytes that this process has allocated and not yet freed; nothing as above.
std::optional<std::size_t> bytes_in_use();

}  // namespace nabla::testing_support
