// SPDX-License-Identifier: MIT
#include "report/curves.h"

#include <algorithm>
#include <limits>

namespace nabla::report {

Series curve_of(const RunFiles& run, const std::string& column, double factor) {
  constexpr std::size_t kPoints = 400;
  constexpr std::size_t kFewPoints = 40;
  Series series;
  const Columns& metrics = run.metrics;
  const auto best = run.best_epoch();
  for (std::size_t row = 0; row < metrics.rows(); ++row) {
    const auto epoch = metrics.number(row, "epoch");
    const auto value = metrics.number(row, column);
    if (epoch && value) series.points.emplace_back(*epoch, *value * factor);
  }
  const std::size_t stride = (series.points.size() + kPoints - 1) / kPoints;
  if (stride > 1) {
    std::vector<std::pair<double, double>> kept;
    for (std::size_t i = 0; i < series.points.size(); ++i)
      if (i % stride == 0 || i + 1 == series.points.size() || series.points[i].first == best)
        kept.push_back(series.points[i]);
    series.points = std::move(kept);
  }
  series.draw = series.points.size() <= kFewPoints ? Draw::kLineAndPoints : Draw::kLine;
  return series;
}

void settle_scale(Plot& plot) {
  double smallest = std::numeric_limits<double>::infinity(), largest = -smallest;
  for (const Series& series : plot.series)
    for (const auto& [x, y] : series.points) {
      smallest = std::min(smallest, y);
      largest = std::max(largest, y);
    }
  if (smallest > 0 && largest > 30 * smallest) plot.log_y = true;
  if (smallest < -1 && largest > 0 && largest <= 1) plot.y_from = -1;
}

}  // namespace nabla::report
