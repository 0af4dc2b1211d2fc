// SPDX-License-Identifier: MIT
#include "nabla/engine/parallel_options.h"

#include "nabla/base/kinds.h"

namespace nabla {

namespace {

constexpr Named<Reduction> kNames[] = {
    {Reduction::kAuto, "auto"},
    {Reduction::kPerShard, "per-shard"},
    {Reduction::kTiled, "tiled"},
};
static_assert(is_complete(kNames));

}  // namespace

std::string_view name_of(Reduction reduction) { return row_of(kNames, reduction).name; }

}  // namespace nabla
