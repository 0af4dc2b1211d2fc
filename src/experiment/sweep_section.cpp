// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

std::vector<Option> sweep_section() {
  return {
      choice_option(
          "sweep.method", [](auto& o) -> auto& { return o.sweep.method; },
          {{"grid", SweepMethod::kGrid},
           {"random", SweepMethod::kRandom},
           {"halving", SweepMethod::kHalving}},
          "grid: every combination of the alternatives; random: sweep.trials trials, each drawn "
          "from sweep.seed and its number alone; halving: the same trials, first with few epochs, "
          "and in each round the best third of them anew with three times as many, up to "
          "train.epochs."),
      whole_option(
          "sweep.trials", [](auto& o) -> auto& { return o.sweep.trials; }, 1, kMostTrials,
          "Trials of random and halving."),
      whole_option(
          "sweep.parallel", [](auto& o) -> auto& { return o.sweep.parallel; }, 0, kMaxThreads,
          "Trials side by side, which share parallel.threads; 0: small networks one per thread, "
          "large ones with several threads each. Never changes a result."),
      whole_option(
          "sweep.seed", [](auto& o) -> auto& { return o.sweep.seed; }, 0, kNoLimit,
          "Seed of what random and halving draw."),
  };
}

}  // namespace nabla
