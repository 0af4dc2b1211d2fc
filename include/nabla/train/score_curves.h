// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace nabla {

// The curves behind the scores of probabilities, as scikit-learn defines them (docs/scores.md).

/// The rows that are taken to be of a class, or to have a label, if its probability has to be at
/// least `threshold`.
struct ThresholdPoint {
  double threshold = 0;
  std::size_t true_positives = 0;   ///< that are of the class
  std::size_t false_positives = 0;  ///< that are not

  bool operator==(const ThresholdPoint&) const = default;
};

/// A class against the rest, or a label.
struct ThresholdCurve {
  std::size_t output = 0;     ///< its place among the outputs
  std::size_t positives = 0;  ///< rows of the class
  std::size_t negatives = 0;  ///< other rows
  /// From threshold infinity, which no row reaches, to 0, which all rows do. A point whose rates
  /// and precision all lie within half a percent of the point before may be left out, so that there
  /// are some hundreds at most.
  std::vector<ThresholdPoint> points;
  /// Area under the ROC curve. Undefined (NaN) if all rows are of the class or none is.
  double roc_auc = 0;
  /// Σ precision · rise of the recall over all thresholds. Undefined if no row is of the class.
  double average_precision = 0;

  /// The coordinates of a point; of a class without positives or negatives some are NaN.
  double true_positive_rate(const ThresholdPoint& point) const;  ///< recall
  double false_positive_rate(const ThresholdPoint& point) const;
  /// The precision at a point; 1 before the first row.
  static double precision(const ThresholdPoint& point);
};

/// The means of several curves, each (x, y) at x = 0, 1/200, … 1. Curves without positives or
/// without negatives are left aside.
struct MeanCurves {
  /// Mean true positive rate by false positive rate; between two points a curve is a line.
  std::vector<std::pair<double, double>> roc;
  /// Mean precision by recall: the precision at the highest threshold that reaches the recall.
  std::vector<std::pair<double, double>> precision_recall;
};
MeanCurves mean_curves(std::span<const ThresholdCurve> curves);

/// The predictions whose probability lies in one tenth of 0 to 1, its upper end included.
struct CalibrationBin {
  double mean_probability = 0;
  double frequency = 0;  ///< fraction of them that came true
  std::size_t count = 0;
};

/// Mean of |mean_probability − frequency| over all predictions (expected calibration error);
/// undefined without bins. M. P. Naeini et al., "Obtaining well calibrated probabilities using
/// Bayesian binning", AAAI 2015.
double calibration_error(std::span<const CalibrationBin> bins);

}  // namespace nabla
