// SPDX-License-Identifier: MIT
#include "nabla/data/folds.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "nabla/base/error.h"
#include "nabla/base/random.h"

#include "data/epoch_order.h"

namespace nabla {

namespace {

void require_valid(const Dataset& data, const FoldOptions& options) {
  const std::size_t rows = data.rows();
  if (options.folds < 2 || options.folds > rows)
    throw ConfigError("crossval.folds: " + std::to_string(options.folds) + " folds of " +
                      std::to_string(rows) + " rows, expected at least 2 and at most as many as " +
                      "there are rows");
  if (options.stratified && data.task != Task::kClassification)
    throw ConfigError(
        "crossval.stratified: the targets are values of a regression, expected classes or "
        "crossval.stratified = no");
}

}  // namespace

std::vector<std::uint32_t> assign_folds(const Dataset& data, const FoldOptions& options,
                                        std::size_t repeat) {
  require_valid(data, options);
  std::vector<std::uint32_t> order(data.rows());
  std::iota(order.begin(), order.end(), 0U);
  Random random(options.seed, Stream::kFolds, static_cast<std::uint32_t>(repeat));
  shuffle(order, random);
  if (options.stratified)
    std::ranges::stable_sort(order, {}, [&](std::uint32_t row) { return data.labels[row]; });
  std::vector<std::uint32_t> folds(data.rows());
  for (std::size_t i = 0; i < order.size(); ++i)
    folds[order[i]] = static_cast<std::uint32_t>(i % options.folds);
  return folds;
}

FoldRows rows_of_fold(const std::vector<std::uint32_t>& assignment, std::size_t fold) {
  FoldRows rows;
  for (std::size_t row = 0; row < assignment.size(); ++row)
    (assignment[row] == fold ? rows.test : rows.train).push_back(static_cast<std::uint32_t>(row));
  return rows;
}

}  // namespace nabla
