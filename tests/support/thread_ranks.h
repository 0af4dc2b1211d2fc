// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>

#include "nabla/engine/ranks.h"

namespace nabla::testing_support {

/// Calls work for each of `count` ranks, which are threads of this process. Rethrows the exception
/// of the first rank that has thrown one; all must throw if one does.
void run_ranks(std::size_t count, const std::function<void(Ranks&)>& work);

}  // namespace nabla::testing_support
