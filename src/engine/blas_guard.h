// SPDX-License-Identifier: MIT
#pragma once

#include "nabla/engine/executor.h"

namespace nabla {

/// Makes sure that BLAS may be called from all threads of the executor at once. With one thread
/// any BLAS will do. Else throws ConfigError, saying what to install, if the library is not
/// OpenBLAS's pthread build (the serial build shares its buffers between callers without a lock
/// and silently returns wrong products) or if concurrent products differ from the same products
/// one after another.
void require_safe_blas(Executor& executor);

}  // namespace nabla
