// SPDX-License-Identifier: MIT
#include "nabla/engine/parallel_options.h"

#include "nabla/base/kinds.h"

#include "base/option_builders.h"
#include "engine/option_rows.h"

namespace nabla {

namespace {

constexpr Named<Reduction> kNames[] = {
    {Reduction::kAuto, "auto"},
    {Reduction::kPerShard, "per-shard"},
    {Reduction::kTiled, "tiled"},
};
static_assert(is_complete(kNames));

OptionRows<ParallelOptions> make_parallel_rows() {
  using P = ParallelOptions;
  using Row = OptionRow<P>;
  return {
      Row::whole("parallel.threads", &P::threads, from_to(0, kMaxThreads),
                 "Threads; 0: one per core. Never changes a result.")
          .flagged({.essential = false,
                    .changes_on_resume = true,
                    .changes_in_sweep = true,
                    .obstacle = "it never changes a result"}),
      Row::whole("parallel.shards", &P::shards, from_to(0, 65536),
                 "Shards per mini-batch, part of the experiment; 0: chosen from batch size and "
                 "network alone."),
      Row::choice("parallel.reduction", &P::reduction, choices_of<Reduction>(kinds_of(kNames)),
                  "How the gradients of the shards become one, part of the experiment."),
  };
}

}  // namespace

const OptionRows<ParallelOptions>& parallel_rows() {
  static const OptionRows<ParallelOptions> kRows = make_parallel_rows();
  return kRows;
}

void validate(const ParallelOptions& options) { check_rows(parallel_rows(), options); }

std::string_view name_of(Reduction reduction) { return row_of(kNames, reduction).name; }

}  // namespace nabla
