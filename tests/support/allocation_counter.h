// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace nabla::testing_support {

/// Returns the number of calls of malloc and its like, operator new among them, in this process so
/// far, by any thread; nullopt if a sanitizer takes the calls or the C library is not glibc.
std::optional<std::size_t> allocations();

/// From now on allocations() leaves out calls that come from within a shared library whose file
/// name contains this text, which has been loaded; returns false if there is none.
bool count_apart(const char* library);
/// Returns the number of calls that were left out so far; nullopt as above.
std::optional<std::size_t> allocations_apart();

/// Returns the largest allocation since the last call of this function, in bytes; nullopt as above.
std::optional<std::size_t> largest_allocation();

/// Returns the bytes that this process has allocated and not yet freed; nullopt as above.
std::optional<std::size_t> bytes_in_use();

}  // namespace nabla::testing_support
