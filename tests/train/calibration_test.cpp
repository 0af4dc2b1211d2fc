// SPDX-License-Identifier: MIT
#include "train/calibration.h"

#include <gtest/gtest.h>
#include <limits>

namespace nabla {
namespace {

TEST(Calibration, CountsInTenths) {
  Calibration calibration;
  for (const double p : {0.0, 0.125, 0.1875}) calibration.add(p, p > 0.15);
  for (const double p : {0.9375, 1.0}) calibration.add(p, true);
  const auto bins = calibration.bins();
  ASSERT_EQ(bins.size(), 3U);  // those without predictions are left out
  EXPECT_EQ(bins[0].count, 1U);
  EXPECT_EQ(bins[0].frequency, 0);
  EXPECT_DOUBLE_EQ(bins[1].mean_probability, 0.15625);
  EXPECT_DOUBLE_EQ(bins[1].frequency, 0.5);
  EXPECT_DOUBLE_EQ(bins[2].mean_probability, 0.96875);
  EXPECT_EQ(bins[2].count, 2U);
}

TEST(Calibration, ATenthHasItsUpperEnd) {
  Calibration calibration;
  calibration.add(0.5, true);
  calibration.add(0.46875, true);
  EXPECT_EQ(calibration.bins().size(), 1U);
}

// The evaluation that meets such a row refuses it after all rows.
TEST(Calibration, LeavesOutNan) {
  Calibration calibration;
  calibration.add(std::numeric_limits<double>::quiet_NaN(), true);
  EXPECT_TRUE(calibration.bins().empty());
}

}  // namespace
}  // namespace nabla
