// SPDX-License-Identifier: MIT
#include "nabla/train/score_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nabla {

namespace {

constexpr double kNoRate = std::numeric_limits<double>::quiet_NaN();

double rate_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? kNoRate : static_cast<double>(part) / static_cast<double>(whole);
}

/// The highest true positive rate at that false positive rate.
double roc_at(const ThresholdCurve& curve, double rate) {
  const auto is_beyond = [&](const ThresholdPoint& point) {
    return curve.false_positive_rate(point) > rate;
  };
  const auto next = std::ranges::find_if(curve.points, is_beyond);
  const ThresholdPoint& before = *std::prev(next);
  if (next == curve.points.end()) return curve.true_positive_rate(before);
  const double from = curve.false_positive_rate(before), to = curve.false_positive_rate(*next);
  return std::lerp(curve.true_positive_rate(before), curve.true_positive_rate(*next),
                   (rate - from) / (to - from));
}

double precision_at(const ThresholdCurve& curve, double recall) {
  const auto reaches = [&](const ThresholdPoint& point) {
    return point.true_positives > 0 && curve.true_positive_rate(point) >= recall;
  };
  return ThresholdCurve::precision(*std::ranges::find_if(curve.points, reaches));
}

}  // namespace

double ThresholdCurve::true_positive_rate(const ThresholdPoint& point) const {
  return rate_of(point.true_positives, positives);
}

double ThresholdCurve::false_positive_rate(const ThresholdPoint& point) const {
  return rate_of(point.false_positives, negatives);
}

double ThresholdCurve::precision(const ThresholdPoint& point) {
  const std::size_t predicted = point.true_positives + point.false_positives;
  return predicted == 0 ? 1 : rate_of(point.true_positives, predicted);
}

MeanCurves mean_curves(std::span<const ThresholdCurve> curves) {
  constexpr std::size_t kMeanSteps = 200;
  MeanCurves means;
  const auto is_complete = [](const ThresholdCurve& curve) {
    return curve.positives > 0 && curve.negatives > 0;
  };
  const auto count = static_cast<double>(std::ranges::count_if(curves, is_complete));
  if (count == 0) return means;
  for (std::size_t step = 0; step <= kMeanSteps; ++step) {
    const double x = static_cast<double>(step) / kMeanSteps;
    double roc = 0, precision = 0;
    for (const ThresholdCurve& curve : curves) {
      if (!is_complete(curve)) continue;
      roc += roc_at(curve, x);
      precision += precision_at(curve, x);
    }
    means.roc.emplace_back(x, roc / count);
    means.precision_recall.emplace_back(x, precision / count);
  }
  return means;
}

double calibration_error(std::span<const CalibrationBin> bins) {
  double sum = 0, count = 0;
  for (const CalibrationBin& bin : bins) {
    sum += std::abs(bin.mean_probability - bin.frequency) * static_cast<double>(bin.count);
    count += static_cast<double>(bin.count);
  }
  return count == 0 ? kNoRate : sum / count;
}

}  // namespace nabla
