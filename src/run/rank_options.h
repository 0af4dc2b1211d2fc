// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "nabla/engine/parallel_options.h"
#include "nabla/engine/ranks.h"

namespace nabla {

/// Returns how many ranks may run on cores of this one, itself included. Collective.
std::size_t ranks_on_own_cores(Ranks& ranks);

/// Gives parallel.threads = 0 the meaning that it has for one of several ranks: the cores that it
/// may run on, divided by the ranks that share them. Collective. A lone rank's options stay as they
/// are.
ParallelOptions with_rank_threads(ParallelOptions parallel, Ranks& ranks);

/// Throws ConfigError for options with which so many ranks cannot train, as far as they tell.
void require_fit_for_ranks(const ParallelOptions& parallel, std::size_t ranks);

}  // namespace nabla
