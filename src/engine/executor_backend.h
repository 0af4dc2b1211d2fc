// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include "nabla/engine/executor.h"

namespace nabla {

/// The parallel executor of this build, for at least two threads.
std::unique_ptr<Executor> make_parallel_executor(std::size_t threads);

}  // namespace nabla
