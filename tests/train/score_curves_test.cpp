// SPDX-License-Identifier: MIT
#include "nabla/train/score_curves.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace nabla {
namespace {

constexpr double kNoRowReaches = std::numeric_limits<double>::infinity();

/// Of two positives and four negatives the first is found at once, the second behind two negatives.
ThresholdCurve one_missed() {
  ThresholdCurve curve;
  curve.positives = 2;
  curve.negatives = 4;
  curve.points = {{kNoRowReaches, 0, 0}, {0.9, 1, 0}, {0.5, 1, 2}, {0.4, 2, 2}, {0, 2, 4}};
  return curve;
}

ThresholdCurve perfect() {
  ThresholdCurve curve;
  curve.positives = 3;
  curve.negatives = 1;
  curve.points = {{kNoRowReaches, 0, 0}, {0.6, 3, 0}, {0, 3, 1}};
  return curve;
}

TEST(MeanCurves, FollowTheirCurves) {
  const std::vector<ThresholdCurve> curves = {one_missed(), perfect()};
  const MeanCurves means = mean_curves(curves);
  ASSERT_EQ(means.roc.size(), 201U);
  ASSERT_EQ(means.precision_recall.size(), 201U);
  // Rates 1/2 up to false positive rate 1/2, where the second positive is found; and 1.
  EXPECT_DOUBLE_EQ(means.roc[0].second, 0.75);
  EXPECT_DOUBLE_EQ(means.roc[99].second, 0.75);
  EXPECT_DOUBLE_EQ(means.roc[100].second, 1);
  EXPECT_DOUBLE_EQ(means.roc[200].second, 1);
  // Precision 1 up to recall 1/2, then 2 of 4; and 1.
  EXPECT_DOUBLE_EQ(means.precision_recall[0].second, 1);
  EXPECT_DOUBLE_EQ(means.precision_recall[100].second, 1);
  EXPECT_DOUBLE_EQ(means.precision_recall[101].second, 0.75);
  EXPECT_DOUBLE_EQ(means.precision_recall[200].second, 0.75);
  EXPECT_EQ(means.roc[50].first, 0.25);
}

TEST(MeanCurves, AreLinesBetweenPoints) {
  ThresholdCurve tied;
  tied.positives = 1;
  tied.negatives = 1;
  tied.points = {{kNoRowReaches, 0, 0}, {0.5, 1, 1}};
  const std::vector<ThresholdCurve> curves = {tied};
  for (const auto& [x, y] : mean_curves(curves).roc) EXPECT_DOUBLE_EQ(y, x);
}

TEST(MeanCurves, LeaveAsideClassesWithoutRows) {
  ThresholdCurve none;
  none.negatives = 5;
  none.points = {{kNoRowReaches, 0, 0}, {0, 0, 5}};
  EXPECT_TRUE(mean_curves(std::vector{none}).roc.empty());
  EXPECT_EQ(mean_curves(std::vector{none, perfect()}).roc, mean_curves(std::vector{perfect()}).roc);
}

TEST(CalibrationError, WeightsBinsByTheirPredictions) {
  const std::vector<CalibrationBin> bins = {{0.25, 0.5, 1}, {0.875, 0.75, 3}};
  EXPECT_DOUBLE_EQ(calibration_error(bins), (0.25 + 3 * 0.125) / 4);
  EXPECT_TRUE(std::isnan(calibration_error({})));
}

}  // namespace
}  // namespace nabla
