// SPDX-License-Identifier: MIT
#include "data/whole_targets.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "data/csv_cell.h"

namespace nabla {

namespace {

/// So many different numbers may be classes with gaps between them.
constexpr std::size_t kMostClassesWithGaps = 50;

/// Sets what the different numbers say. `values` are those that double holds exactly, in any order
/// and any number of times; `others` is the number of different ones beyond.
WholeTargets count_different(std::vector<double> values, std::size_t others, std::size_t rows) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  const bool starts_well = !values.empty() && (values.front() == 0 || values.front() == 1);
  const bool runs =
      starts_well && values.back() - values.front() + 1 == static_cast<double>(values.size());
  return {rows, values.size() + others, runs && others == 0};
}

}  // namespace

bool WholeTargets::are_classes() const {
  return 2 * different <= rows && (different <= kMostClassesWithGaps || run_without_gap);
}

std::string WholeTargets::note() const {
  const bool is_plain = are_classes() ? different <= 2 : different == rows;
  if (is_plain) return {};
  return "the targets are " + std::to_string(different) + " different whole numbers in " +
         std::to_string(rows) + " rows, taken for " +
         (are_classes() ? "classes; data.task = regression takes them for values"
                        : "values; data.task = classification takes them for classes");
}

WholeTargets count_whole_targets(std::span<const double> targets) {
  return count_different({targets.begin(), targets.end()}, 0, targets.size());
}

WholeTargets count_whole_targets(const DistinctTexts& texts, std::size_t rows) {
  std::vector<double> values;
  std::set<ClassName> long_ones;
  for (std::size_t text = 0; text < texts.size(); ++text) {
    double value = 0;
    parse_number(texts[text], value);
    if (std::abs(value) < kInexactIntegers)
      values.push_back(value);
    else
      long_ones.emplace(texts[text]);
  }
  return count_different(std::move(values), long_ones.size(), rows);
}

}  // namespace nabla
