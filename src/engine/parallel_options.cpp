// SPDX-License-Identifier: MIT
#include "nabla/engine/parallel_options.h"

#include "base/names.h"

namespace nabla {

namespace {

constexpr Named<Reduction> kNames[] = {
    {Reduction::kAuto, "auto"},
    {Reduction::kPerShard, "per-shard"},
    {Reduction::kTiled, "tiled"},
};

}  // namespace

std::string_view name_of(Reduction reduction) { return find_name(kNames, reduction); }

}  // namespace nabla
