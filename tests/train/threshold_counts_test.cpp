// SPDX-License-Identifier: MIT
#include "train/threshold_counts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <set>
#include <vector>

namespace nabla {
namespace {

constexpr double kBeyondAll = std::numeric_limits<double>::infinity();

struct Scored {
  double score;
  bool is_positive;
};

ThresholdCurve curve_of(const std::vector<Scored>& rows) {
  ThresholdCounts counts(1);
  for (const Scored& row : rows)
    if (row.is_positive) counts.add_positive(0, row.score);
  counts.sort();
  for (const Scored& row : rows)
    if (!row.is_positive) counts.add_negative(0, row.score);
  return counts.curve(0);
}

/// The point at that threshold, counted row by row.
ThresholdPoint counted(const std::vector<Scored>& rows, double threshold) {
  ThresholdPoint point{threshold, 0, 0};
  for (const Scored& row : rows)
    if (row.score >= threshold) ++(row.is_positive ? point.true_positives : point.false_positives);
  return point;
}

std::vector<Scored> drawn_rows(std::size_t count, unsigned seed, double steps) {
  std::mt19937 random(seed);
  std::vector<Scored> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_positive = random() % 3 == 0;
    const double score = static_cast<double>(random() % 1000) / 1000 * (is_positive ? 1 : 0.8);
    rows.push_back({std::round(score * steps) / steps, is_positive});
  }
  return rows;
}

/// On one of the lines between neighbouring points; all are whole numbers.
bool lies_on(const ThresholdCurve& curve, const ThresholdPoint& point) {
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    const ThresholdPoint &a = curve.points[i - 1], &b = curve.points[i];
    const auto x = [](const ThresholdPoint& p) { return static_cast<long>(p.false_positives); };
    const auto y = [](const ThresholdPoint& p) { return static_cast<long>(p.true_positives); };
    if (x(a) <= x(point) && x(point) <= x(b) && y(a) <= y(point) && y(point) <= y(b) &&
        (x(b) - x(a)) * (y(point) - y(a)) == (x(point) - x(a)) * (y(b) - y(a)))
      return true;
  }
  return false;
}

TEST(ThresholdCounts, EachPointIsThatOfItsThresholdAndNoneIsMissing) {
  for (const double steps : {10.0, 1e4})  // with and without equal scores
    for (unsigned seed = 1; seed <= 5; ++seed) {
      const std::vector<Scored> rows = drawn_rows(100, seed, steps);
      const ThresholdCurve curve = curve_of(rows);
      EXPECT_EQ(curve.points.front(), (ThresholdPoint{kBeyondAll, 0, 0}));
      EXPECT_EQ(curve.points.back().true_positives, curve.positives);
      EXPECT_EQ(curve.points.back().false_positives, curve.negatives);
      for (const ThresholdPoint& point : curve.points)
        EXPECT_EQ(point, counted(rows, point.threshold));
      for (const Scored& row : rows) EXPECT_TRUE(lies_on(curve, counted(rows, row.score)));
    }
}

TEST(ThresholdCounts, AreasEqualSumsOverPairsAndThresholds) {
  const std::vector<Scored> rows = drawn_rows(150, 7, 20);
  const ThresholdCurve curve = curve_of(rows);
  double wins = 0, pairs = 0;
  for (const Scored& a : rows)
    for (const Scored& b : rows)
      if (a.is_positive && !b.is_positive) {
        wins += a.score > b.score ? 1 : a.score == b.score ? 0.5 : 0;
        ++pairs;
      }
  EXPECT_DOUBLE_EQ(curve.roc_auc, wins / pairs);
  std::set<double, std::greater<>> thresholds;
  for (const Scored& row : rows) thresholds.insert(row.score);
  double average = 0, recall = 0;
  for (const double threshold : thresholds) {
    const ThresholdPoint point = counted(rows, threshold);
    average += (curve.true_positive_rate(point) - recall) * ThresholdCurve::precision(point);
    recall = curve.true_positive_rate(point);
  }
  // Sums of at most 21 terms from 0 to 1 in another order.
  EXPECT_NEAR(curve.average_precision, average, 1e-14);
}

TEST(ThresholdCounts, ClassesOfNoRowOrOfAllHaveNoArea) {
  const ThresholdCurve none = curve_of({{0.5, false}, {0.25, false}});
  EXPECT_TRUE(std::isnan(none.roc_auc) && std::isnan(none.average_precision));
  EXPECT_EQ(none.points.size(), 2U);
  const ThresholdCurve all = curve_of({{0.5, true}, {0.25, true}});
  EXPECT_TRUE(std::isnan(all.roc_auc));
  EXPECT_EQ(all.average_precision, 1);
}

TEST(ThresholdCounts, ManyRowsLeaveAsManyPointsAsAPictureShows) {
  const std::vector<Scored> rows = drawn_rows(20'000, 3, 1e9);
  const ThresholdCurve curve = curve_of(rows);
  EXPECT_LT(curve.points.size(), 1200U);
  EXPECT_EQ(curve.points.back().false_positives, curve.negatives);
  for (std::size_t i = 0; i < curve.points.size(); i += 50)
    EXPECT_EQ(curve.points[i], counted(rows, curve.points[i].threshold));
}

}  // namespace
}  // namespace nabla
