// SPDX-License-Identifier: MIT
#include "report/thresholds.h"

#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "report/html.h"
#include "report/numbers.h"

namespace nabla::report {

namespace {

using Points = std::vector<std::pair<double, double>>;

bool has_both_kinds(const ThresholdCurve& curve) {
  return curve.positives > 0 && curve.negatives > 0;
}

std::string from_threshold(double y, const ThresholdPoint& point) {
  return general(y) +
         (std::isfinite(point.threshold) ? ", threshold " + general(point.threshold) : ", no row");
}

Series series_of(const std::string& name, std::size_t place, Draw draw) {
  Series series{.name = name, .draw = draw, .colour = colour_of(place)};
  return series;
}

Series roc_of(const ThresholdCurve& curve, const std::string& name, std::size_t place) {
  Series series = series_of(name + ", area " + fixed(curve.roc_auc, 3), place, Draw::kLine);
  for (const ThresholdPoint& point : curve.points) {
    series.points.emplace_back(curve.false_positive_rate(point), curve.true_positive_rate(point));
    series.hints.push_back(from_threshold(series.points.back().second, point));
  }
  return series;
}

Series precision_recall_of(const ThresholdCurve& curve, const std::string& name,
                           std::size_t place) {
  Series series =
      series_of(name + ", average " + fixed(curve.average_precision, 3), place, Draw::kSteps);
  std::size_t found = 0;
  for (const ThresholdPoint& point : curve.points) {
    // The precision counts only at the points at which the recall rises.
    if (point.true_positives == found) continue;
    const double precision = ThresholdCurve::precision(point);
    // That of the first rows holds from recall 0 on.
    if (found == 0) series.points.emplace_back(0, precision);
    series.points.emplace_back(curve.true_positive_rate(point), precision);
    series.hints.resize(series.points.size(), from_threshold(precision, point));
    found = point.true_positives;
  }
  return series;
}

Series mean_series(const std::string& name, Points points) {
  Series series = series_of(name, 0, Draw::kLine);
  series.points = std::move(points);
  return series;
}

double mean_of(std::span<const ThresholdCurve> curves, double ThresholdCurve::*score) {
  double sum = 0, count = 0;
  for (const ThresholdCurve& curve : curves) {
    if (!has_both_kinds(curve)) continue;
    sum += curve.*score;
    ++count;
  }
  return sum / count;
}

std::string curve_plots(std::span<const ThresholdCurve> curves,
                        const std::vector<std::string>& names, Figures& figures) {
  Plot roc{.title = "ROC: true against false positive rate", .x_label = "false positive rate"};
  Plot precision{.title = "Precision against recall", .x_label = "recall"};
  if (curves.size() <= kColours) {
    for (const ThresholdCurve& curve : curves) {
      if (!has_both_kinds(curve)) continue;
      const std::string& name = names[curve.output];
      roc.series.push_back(roc_of(curve, name, roc.series.size()));
      precision.series.push_back(precision_recall_of(curve, name, precision.series.size()));
    }
  } else {
    MeanCurves means = mean_curves(curves);
    roc.series.push_back(mean_series(
        "mean, area " + fixed(mean_of(curves, &ThresholdCurve::roc_auc), 3), std::move(means.roc)));
    precision.series.push_back(mean_series(
        "mean, average " + fixed(mean_of(curves, &ThresholdCurve::average_precision), 3),
        std::move(means.precision_recall)));
  }
  roc.series.push_back({.name = "chance", .points = {{0, 0}, {1, 1}}, .colour = "axis", .dash = 2});
  if (precision.series.empty()) return "";
  for (Plot* plot : {&roc, &precision}) {
    plot->x_range = {0, 1};
    plot->y_from = 0;
    plot->y_to = 1;
  }
  std::string html = figures.add(std::move(roc));
  return html + figures.add(std::move(precision));
}

std::string calibration_plot(std::span<const CalibrationBin> bins, const std::string& of,
                             Figures& figures) {
  Plot plot{.title = "Calibration: how often it came true", .x_label = of};
  Series series{.name = "predictions", .draw = Draw::kLineAndPoints};
  for (const CalibrationBin& bin : bins) {
    series.points.emplace_back(bin.mean_probability, bin.frequency);
    series.hints.push_back(general(bin.frequency) + " of " +
                           with_thousands(static_cast<double>(bin.count)));
  }
  plot.series = {std::move(series),
                 {.name = "calibrated", .points = {{0, 0}, {1, 1}}, .colour = "axis", .dash = 2}};
  plot.x_range = {0, 1};
  plot.y_from = 0;
  plot.y_to = 1;
  return figures.add(std::move(plot), "in tenths of the probability; they miss by " +
                                          fixed(calibration_error(bins), 3) + " on average");
}

}  // namespace

Section thresholds_section(const Findings& findings, Figures& figures) {
  Section section{"thresholds", "Thresholds and calibration", ""};
  const Dataset& rows = findings.rows.data;
  const ClassificationScores* classes = findings.classification();
  const auto* labels = std::get_if<MultiLabelScores>(&findings.scores.of_task);
  if (classes == nullptr && labels == nullptr) return section;
  const auto& curves = classes != nullptr ? classes->curves : labels->curves;
  const auto& bins = classes != nullptr ? classes->calibration : labels->calibration;
  const std::vector<std::string> names =
      classes != nullptr ? rows.classes : rows.columns.target_names(rows.outputs());
  if (curves.empty()) return section;
  const std::string of = classes == nullptr  ? "probability of a label"
                         : names.size() == 2 ? "probability of " + names[1]
                                             : "probability of the predicted class";
  const std::string plots =
      curve_plots(curves, names, figures) + calibration_plot(bins, of, figures);
  if (plots.empty()) return section;
  const std::string each = classes == nullptr  ? "Each label"
                           : names.size() == 2 ? "Class " + names[1] + " against " + names[0]
                                               : "Each class against the rest";
  const std::string kinds = classes != nullptr ? "classes" : "labels";
  const std::string means = curves.size() > kColours
                                ? "; means over the " + std::to_string(curves.size()) + " " +
                                      kinds + ", whose own areas stand in the table of " + kinds
                                : "";
  section.html =
      paragraph(each + " on the " + findings.rows.name +
                " rows, by the probability from which on a row is taken for it" + means + ".") +
      plots_html(plots);
  return section;
}

}  // namespace nabla::report
