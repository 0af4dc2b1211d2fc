// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace nabla::testing_support {

/// Calls of operator new in this process so far, by any thread; nothing where a sanitizer keeps
/// operator new to itself.
std::optional<std::size_t> allocations();

}  // namespace nabla::testing_support
