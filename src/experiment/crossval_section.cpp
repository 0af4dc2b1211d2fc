// SPDX-License-Identifier: MIT
#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

constexpr std::uint64_t kMostFolds = 100'000;
constexpr std::uint64_t kMostRepeats = 10'000;

}  // namespace

std::vector<Option> crossval_section() {
  return {whole_option(
              "crossval.folds", [](auto& o) -> auto& { return o.crossval.folds; }, 2, kMostFolds,
              "Parts that `nabla crossval` cuts the training rows into; as many as there are rows "
              "leave one out each time."),
          whole_option(
              "crossval.seed", [](auto& o) -> auto& { return o.crossval.seed; }, 0, kNoLimit,
              "Seed of the order in which rows are dealt to the folds."),
          yes_no_option(
              "crossval.stratified", [](auto& o) -> auto& { return o.crossval.stratified; },
              "Spread each class evenly over the folds (classification)."),
          whole_option(
              "crossval.repeats", [](auto& o) -> auto& { return o.crossval.repeats; }, 1,
              kMostRepeats, "Times the whole is done, each with its own folds.")};
}

}  // namespace nabla
