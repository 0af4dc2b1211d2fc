// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "report/figures.h"
#include "report/findings.h"
#include "report/layer_statistics.h"
#include "report/page.h"
#include "report/run_files.h"

namespace nabla::report {

// The sections of the report of one run. Those with nothing to show have an empty html.

/// What was run, on what, and how it ended. `missing` says why sections are not there.
Section summary_section(const RunFiles& run, const std::vector<std::string>& missing);
/// Costs, accuracies, learning rate and speed by epoch.
Section curves_section(const RunFiles& run, Figures& figures);
Section confusion_section(const Findings& findings);
/// Precision, recall and F1.
Section classes_section(const Findings& findings);
/// The most confident mistakes, as pictures where the rows are images.
Section mistakes_section(const Findings& findings);
/// Regression: predicted against true values, and residuals.
Section predictions_section(const Findings& findings, Figures& figures);
/// The first layer's weights as images; `rows` says how large these are.
Section weights_section(const AnyModel& model, const Dataset& rows);
/// Weights, activations and nabla of each layer.
Section histograms_section(const std::vector<LayerStatistics>& layers, std::size_t sample_rows,
                           Figures& figures);
/// Where the time of the training went.
Section phases_section(const RunFiles& run, Figures& figures);
Section config_section(const RunFiles& run);

/// The counts as boxes.
Series histogram_bars(const Histogram& histogram, const std::string& colour);

/// Planes of an image in a row (1, or 3 for colours); 0 where the rows are no images.
std::size_t image_planes(const Dataset& rows);

}  // namespace nabla::report
