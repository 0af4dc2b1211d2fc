// SPDX-License-Identifier: MIT
#include "train/threshold_counts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nabla {

namespace {

/// Leaves out points that lie close to the last one kept.
void thin_out(ThresholdCurve& curve) {
  constexpr double kVisible = 1.0 / 200;
  const auto is_near = [](double a, double b) { return !(std::abs(a - b) > kVisible); };
  std::vector<ThresholdPoint> kept;
  for (const ThresholdPoint& point : curve.points) {
    const bool is_end = kept.empty() || &point == &curve.points.back();
    if (!is_end &&
        is_near(curve.true_positive_rate(point), curve.true_positive_rate(kept.back())) &&
        is_near(curve.false_positive_rate(point), curve.false_positive_rate(kept.back())) &&
        is_near(ThresholdCurve::precision(point), ThresholdCurve::precision(kept.back())))
      continue;
    kept.push_back(point);
  }
  curve.points = std::move(kept);
}

}  // namespace

void ThresholdCounts::sort() {
  for (Output& output : outputs_) {
    std::ranges::sort(output.scores);
    output.negatives.assign(2 * output.scores.size() + 1, 0);
  }
}

void ThresholdCounts::add_negative(std::size_t of, double score) {
  Output& output = outputs_[of];
  const auto place = std::lower_bound(output.scores.begin(), output.scores.end(), score);
  const auto i = static_cast<std::size_t>(place - output.scores.begin());
  const bool is_equal = place != output.scores.end() && *place == score;
  ++output.negatives[2 * i + (is_equal ? 1 : 0)];
}

ThresholdCurve ThresholdCounts::curve(std::size_t of) const {
  const auto& [scores, negatives] = outputs_[of];
  ThresholdCurve curve;
  curve.output = of;
  curve.positives = scores.size();
  curve.negatives = std::accumulate(negatives.begin(), negatives.end(), std::size_t{0});
  ThresholdPoint point{std::numeric_limits<double>::infinity(), 0, 0};
  curve.points = {point};
  const auto move_to = [&](double threshold) {
    point.threshold = threshold;
    const ThresholdPoint& last = curve.points.back();
    if (point.true_positives != last.true_positives ||
        point.false_positives != last.false_positives)
      curve.points.push_back(point);
  };
  // Pairs of a positive and a negative: 2 if the positive has the higher score, 1 if it is equal.
  std::uint64_t half_wins = 0;
  double precisions = 0;
  for (std::size_t end = scores.size(); end > 0;) {
    std::size_t first = end - 1;
    while (first > 0 && scores[first - 1] == scores[first]) --first;
    const std::size_t rise = end - first;
    const std::uint64_t between = negatives[2 * end], equal = negatives[2 * first + 1];
    half_wins += 2 * between * point.true_positives;
    point.false_positives += between;
    move_to(std::nextafter(scores[first], std::numeric_limits<double>::infinity()));
    half_wins += equal * (2 * point.true_positives + rise);
    point.true_positives += rise;
    point.false_positives += equal;
    move_to(scores[first]);
    precisions += static_cast<double>(rise) * ThresholdCurve::precision(point);
    end = first;
  }
  half_wins += 2 * std::uint64_t{negatives[0]} * point.true_positives;
  point.false_positives += negatives[0];
  move_to(0);
  const double pairs = static_cast<double>(curve.positives) * static_cast<double>(curve.negatives);
  constexpr double kNoArea = std::numeric_limits<double>::quiet_NaN();
  curve.roc_auc = pairs == 0 ? kNoArea : static_cast<double>(half_wins) / (2 * pairs);
  curve.average_precision =
      curve.positives == 0 ? kNoArea : precisions / static_cast<double>(curve.positives);
  thin_out(curve);
  return curve;
}

}  // namespace nabla
