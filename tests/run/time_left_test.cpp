// SPDX-License-Identifier: MIT
#include "run/time_left.h"

#include <cstddef>
#include <gtest/gtest.h>

namespace nabla {
namespace {

BatchReport at(std::size_t epoch, std::size_t row) {
  return {.epoch = epoch, .epochs = 10, .row = row, .rows = 100, .mean_cost = 0, .seconds = 0};
}

TEST(TimeLeft, IsThatOfTheRowsLeftAtThePaceSoFar) {
  // 250 of 1,000 rows in 5 seconds.
  EXPECT_DOUBLE_EQ(time_left(at(3, 50), 0, 5), 15);
  EXPECT_DOUBLE_EQ(time_left(at(10, 100), 0, 5), 0);
}

// Rows trained before a stop took none of these seconds.
TEST(TimeLeft, OfATrainingThatGoesOnCountsItsOwnRows) {
  EXPECT_DOUBLE_EQ(time_left(at(3, 50), 200, 5), 75);
}

}  // namespace
}  // namespace nabla
