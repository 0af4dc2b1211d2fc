// SPDX-License-Identifier: MIT
#include "run/fold_message.h"

#include <gtest/gtest.h>
#include <limits>

#include "run/crossval.h"

namespace nabla {
namespace {

TEST(FoldMessage, HasAllThatFilesSay) {
  FoldResult fold{.repeat = 2,
                  .fold = 3,
                  .train_rows = 40,
                  .test_rows = 10,
                  .summary = {},
                  .evaluation = {.score = {.cost = 0.1, .goodness = 0.7},
                                 .rows = 10,
                                 .rmse = 1.0 / 3,
                                 .mae = std::numeric_limits<double>::infinity()},
                  .zero_rule = {.goodness = 0.5, .rmse = 2}};
  fold.summary.status = TrainStatus::kEarlyStopped;
  fold.summary.epochs = 12;
  fold.summary.train_seconds = 0.25;
  fold.summary.parameters = 99;
  FoldResult diverged = fold;
  diverged.fold = 4;
  diverged.summary.status = TrainStatus::kDiverged;
  diverged.summary.divergence = {.epoch = 3,
                                 .batch = 0,
                                 .rate = 0.5,
                                 .rows = "test",
                                 .row = 4,
                                 .place = "a.csv: line 5",
                                 .is_initial = true,
                                 .is_by_epsilon = true,
                                 .largest_input = 1e9,
                                 .largest_target = 2};
  const std::vector<FoldResult> folds = {fold, diverged};
  const std::vector<FoldResult> read = folds_message(to_bytes(folds));
  for (const Task task : {Task::kClassification, Task::kRegression})
    EXPECT_EQ(crossval_csv(task, read), crossval_csv(task, folds));
  EXPECT_EQ(read[0].summary.parameters, 99U);
  const Divergence &a = read[1].summary.divergence, &b = diverged.summary.divergence;
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.rate, b.rate);
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.row, b.row);
  EXPECT_EQ(a.place, b.place);
  EXPECT_EQ(a.is_initial, b.is_initial);
  EXPECT_EQ(a.is_by_epsilon, b.is_by_epsilon);
  EXPECT_EQ(a.largest_input, b.largest_input);
  EXPECT_EQ(a.largest_target, b.largest_target);
}

}  // namespace
}  // namespace nabla
