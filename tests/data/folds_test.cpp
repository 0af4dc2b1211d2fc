// SPDX-License-Identifier: MIT
#include "nabla/data/folds.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <vector>

#include "nabla/base/error.h"

#include "base/random.h"
#include "support/errors.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using RowNumbers = std::vector<std::uint32_t>;

/// Makes `rows` rows whose classes have very different sizes.
Dataset uneven_classes(std::size_t rows) {
  Dataset data = random_classes(rows, 2, 3);
  for (std::size_t i = 0; i < rows; ++i) data.labels[i] = i % 10 == 0 ? 2 : i % 3 == 0 ? 1 : 0;
  return data;
}

/// Deals the rows to the folds like cards, first those of class 0, then those of class 1, and so
/// on.
RowNumbers naive_folds(const Dataset& data, const FoldOptions& options, std::size_t repeat) {
  RowNumbers cards = first_rows(data.rows());
  Random random(options.seed, Stream::kFolds, static_cast<std::uint32_t>(repeat));
  for (std::size_t left = cards.size(); left > 1; --left)
    std::swap(cards[left - 1], cards[random.below(static_cast<std::uint32_t>(left))]);
  RowNumbers folds(data.rows());
  std::uint32_t turn = 0;
  for (std::uint32_t label = 0;
       label < (is_stratified(options, data.task) ? data.classes.size() : 1); ++label)
    for (const std::uint32_t card : cards) {
      if (is_stratified(options, data.task) && data.labels[card] != label) continue;
      folds[card] = turn;
      turn = (turn + 1) % static_cast<std::uint32_t>(options.folds);
    }
  return folds;
}

TEST(Folds, AreDealtAsTheNaiveTwinDoes) {
  for (const std::size_t rows : {2, 7, 100, 211})
    for (const std::size_t folds : {2, 3, 7, 10}) {
      if (folds > rows) continue;
      for (const bool stratified : {false, true}) {
        const Dataset data = uneven_classes(rows);
        const FoldOptions options{folds, 9, stratified, 2};
        for (const std::size_t repeat : {0, 1})
          EXPECT_EQ(assign_folds(data, options, repeat), naive_folds(data, options, repeat));
      }
    }
}

TEST(Folds, TestEachRowOnceARepeat) {
  const Dataset data = uneven_classes(103);
  const FoldOptions options{.folds = 5, .repeats = 3};
  for (std::size_t repeat = 0; repeat < options.repeats; ++repeat) {
    const RowNumbers assignment = assign_folds(data, options, repeat);
    RowNumbers tested;
    for (std::size_t fold = 0; fold < options.folds; ++fold) {
      const FoldRows rows = rows_of_fold(assignment, fold);
      EXPECT_NEAR(static_cast<double>(rows.test.size()), 103.0 / 5, 1);
      tested.insert(tested.end(), rows.test.begin(), rows.test.end());
      RowNumbers all = rows.train;
      all.insert(all.end(), rows.test.begin(), rows.test.end());
      std::ranges::sort(all);
      EXPECT_EQ(all, first_rows(103));
    }
    std::ranges::sort(tested);
    EXPECT_EQ(tested, first_rows(103));
  }
}

TEST(Folds, StratifiedOnesSpreadEachClass) {
  const Dataset data = uneven_classes(203);
  const RowNumbers assignment = assign_folds(data, {.folds = 4, .stratified = true}, 0);
  for (std::uint32_t label = 0; label < 3; ++label) {
    std::vector<std::size_t> counts(4);
    for (std::size_t row = 0; row < data.rows(); ++row)
      if (data.labels[row] == label) ++counts[assignment[row]];
    EXPECT_LE(std::ranges::max(counts) - std::ranges::min(counts), 1U) << label;
  }
  std::vector<std::size_t> sizes(4);
  for (const std::uint32_t fold : assignment) ++sizes[fold];
  EXPECT_LE(std::ranges::max(sizes) - std::ranges::min(sizes), 1U);
}

TEST(Folds, FollowFromSeedAndRepeat) {
  const Dataset data = uneven_classes(50);
  std::set<RowNumbers> different;
  for (const std::uint64_t seed : {1, 2})
    for (const std::size_t repeat : {0, 1}) {
      const FoldOptions options{.seed = seed, .repeats = 2};
      different.insert(assign_folds(data, options, repeat));
      EXPECT_EQ(assign_folds(data, options, repeat), assign_folds(data, options, repeat));
    }
  EXPECT_EQ(different.size(), 4U);
}

TEST(Folds, BadOptionsAreRefused) {
  const Dataset data = uneven_classes(6);
  const auto error = [&](std::size_t folds) {
    return error_of<ConfigError>([&] { assign_folds(data, {.folds = folds}, 0); });
  };
  for (const std::size_t folds : {0, 1})
    expect_in("crossval.folds: '" + std::to_string(folds) + "' is out of range", error(folds));
  expect_in("crossval.folds: 7 folds of 6 rows", error(7));
  expect_in("crossval.stratified", error_of<ConfigError>([&] {
              assign_folds(random_targets(6, 2, 1), {.folds = 2, .stratified = true}, 0);
            }));
}

}  // namespace
}  // namespace nabla
