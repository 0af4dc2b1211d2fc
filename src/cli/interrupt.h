// SPDX-License-Identifier: MIT
#pragma once

namespace nabla {

/// From now on the first SIGINT or SIGTERM is only noted; the second ends the process at once.
void catch_interrupts();

/// The signal noted, or 0.
int interrupted_by();

}  // namespace nabla
