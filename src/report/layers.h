// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"

#include "report/figures.h"
#include "report/page.h"
#include "report/plot.h"

namespace nabla::report {

/// Some numbers: how many there are in each of equally wide bins, and their moments.
struct Histogram {
  double from = 0;
  double to = 0;
  std::vector<std::size_t> counts;
  double mean = 0;
  double deviation = 0;  ///< population standard deviation
  std::size_t zeros = 0;
  std::size_t values = 0;
};

/// The numbers in `bins` bins from the smallest to the largest. With `logarithmic` the histogram is
/// of log10|x|, of those that are not zero.
Histogram histogram_of(const std::vector<float>& values, std::size_t bins, bool logarithmic);

struct LayerStatistics {
  std::size_t neurons = 0;
  Activation activation = Activation::kIdentity;
  bool is_output = false;
  Histogram weights;
  /// Empty if there are no rows, as are the members below.
  Histogram activations;
  Histogram nabla_w;  ///< log10 of the magnitudes, of the mean cost
  /// Hidden units whose activation is the same in all rows.
  std::size_t dead = 0;
  /// Hidden sigmoid and tanh units that are not dead and within a hundredth of their range of its
  /// ends in at least kSaturatedShare of the rows.
  std::size_t saturated = 0;
};

inline constexpr std::size_t kSampleRows = 500;
inline constexpr double kSaturatedShare = 0.95;

/// Each layer's weights, and on up to kSampleRows rows spread over `data` its activations and the
/// nabla of their mean cost; with batch normalisation those of the plain network that predicts the
/// same (fold_batch_norm). `data` may have no rows.
std::vector<LayerStatistics> layer_statistics(const AnyModel& model, const Dataset& data);

/// The counts as boxes.
Series histogram_bars(const Histogram& histogram, const std::string& colour);

/// Weights, activations and nabla of each layer.
Section histograms_section(const std::vector<LayerStatistics>& layers, std::size_t sample_rows,
                           Figures& figures);

/// The first layer's weights as images; `rows` says how large these are. Empty if the rows are not
/// images.
Section weights_section(const AnyModel& model, const Dataset& rows);

}  // namespace nabla::report
