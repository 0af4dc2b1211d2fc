// SPDX-License-Identifier: MIT
#include <algorithm>

#include "report/html.h"
#include "report/numbers.h"
#include "report/run_sections.h"

namespace nabla::report {

namespace {

constexpr std::size_t kTargets = 4;
constexpr std::size_t kPoints = 1000;

std::string target_plots(const Findings& findings, std::size_t target, Figures& figures) {
  const std::string of =
      findings.predictions.cols() > 1 ? " of target " + std::to_string(target + 1) : "";
  Plot scatter{.title = "Predicted against true value" + of, .x_label = "true value"};
  Series points{.name = "rows", .draw = Draw::kPoints};
  Series ideal{.name = "exact", .colour = "axis", .dash = 2};
  std::vector<float> residuals;
  const std::size_t rows = findings.predictions.rows();
  const std::size_t stride = (rows + kPoints - 1) / kPoints;
  double low = findings.rows.targets(0, target), high = low;
  for (std::size_t row = 0; row < rows; ++row) {
    const double truth = findings.rows.targets(row, target);
    const double predicted = findings.predictions(row, target);
    residuals.push_back(static_cast<float>(predicted - truth));
    low = std::min(low, truth);
    high = std::max(high, truth);
    if (row % stride == 0) points.points.emplace_back(truth, predicted);
  }
  ideal.points = {{low, low}, {high, high}};
  scatter.series = {std::move(points), std::move(ideal)};
  const Histogram histogram = histogram_of(residuals, 30, false);
  Plot bars{.title = "Residuals" + of, .x_label = "predicted − true value"};
  bars.series = {histogram_bars(histogram, "c2")};
  bars.marked_x = 0;
  bars.y_from = 0;
  const std::string caption = stride > 1 ? "every " + std::to_string(stride) + "th row" : "";
  std::string html = figures.add(std::move(scatter), caption);
  return html + figures.add(std::move(bars), "mean " + general(histogram.mean, 3) +
                                                 ", standard deviation " +
                                                 general(histogram.deviation, 3));
}

}  // namespace

Section predictions_section(const Findings& findings, Figures& figures) {
  Section section{"predictions", "Predictions", ""};
  if (findings.predictions.rows() == 0) return section;
  const Evaluation& evaluation = findings.evaluation;
  section.html =
      paragraph(with_thousands(static_cast<double>(evaluation.rows)) + " " + findings.rows_name +
                " rows: RMSE " + general(evaluation.rmse) + ", MAE " + general(evaluation.mae) +
                ", R² " + fixed(evaluation.score.accuracy, 4) + ".");
  std::string plots;
  for (std::size_t target = 0; target < std::min(kTargets, findings.predictions.cols()); ++target)
    plots += target_plots(findings, target, figures);
  section.html += plots_html(plots);
  return section;
}

}  // namespace nabla::report
