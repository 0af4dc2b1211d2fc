// SPDX-License-Identifier: MIT
#include "nabla/data/folds.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/option_builders.h"
#include "base/random.h"
#include "data/epoch_order.h"
#include "data/option_rows.h"

namespace nabla {

namespace {

void require_valid(const Dataset& data, const FoldOptions& options) {
  const std::size_t rows = data.rows();
  validate(options);
  require_option(options.folds <= rows, "crossval.folds",
                 std::to_string(options.folds) + " folds of " + std::to_string(rows) +
                     " rows, expected at most as many as there are rows");
  if (options.stratified == true)
    require_task(Task::kClassification, data.task, "crossval.stratified", "no");
}

OptionRows<FoldOptions> make_fold_rows() {
  using F = FoldOptions;
  using Row = OptionRow<F>;
  OptionRows<F> rows = {
      Row::whole("crossval.folds", &F::folds, from_to(2, 100'000),
                 "Parts that `nabla crossval` cuts the training rows into; as many as there are "
                 "rows leave one out each time."),
      Row::whole("crossval.seed", &F::seed, at_least(0),
                 "Seed of the order in which rows are dealt to the folds."),
      Row::auto_yes_no("crossval.stratified", &F::stratified,
                       "Spread each class evenly over the folds; auto: yes for a classification."),
      Row::whole("crossval.repeats", &F::repeats, from_to(1, 10'000),
                 "Times the whole is done, each with its own folds.")};
  for (Option<F>& row : rows) row.flags = {.essential = false, .obstacle = kNoTrainingReads};
  return rows;
}

}  // namespace

const OptionRows<FoldOptions>& fold_rows() {
  static const OptionRows<FoldOptions> kRows = make_fold_rows();
  return kRows;
}

void validate(const FoldOptions& options) { check_rows(fold_rows(), options); }

std::vector<std::uint32_t> assign_folds(const Dataset& data, const FoldOptions& options,
                                        std::size_t repeat) {
  require_valid(data, options);
  std::vector<std::uint32_t> order(data.rows());
  std::iota(order.begin(), order.end(), 0U);
  Random random(options.seed, Stream::kFolds, static_cast<std::uint32_t>(repeat));
  shuffle(order, random);
  if (is_stratified(options, data.task))
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
