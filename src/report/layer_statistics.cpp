// SPDX-License-Identifier: MIT
#include "report/layer_statistics.h"

#include <algorithm>
#include <cmath>

#include "data/gather.h"
#include "engine/stages.h"
#include "model/backprop.h"
#include "model/batch_norm.h"
#include "model/output_layer.h"
#include "model/workspace.h"

namespace nabla::report {

namespace {

constexpr std::size_t kBins = 40;

template <class T>
std::vector<float> values_of(MatrixView<const T> matrix) {
  std::vector<float> values;
  values.reserve(matrix.rows * matrix.cols);
  for (std::size_t r = 0; r < matrix.rows; ++r)
    for (const T x : matrix.row(r)) values.push_back(static_cast<float>(x));
  return values;
}

template <class T>
void count_units(MatrixView<const T> activations, LayerStatistics& layer) {
  const ActivationTraits& traits = traits_of(layer.activation);
  for (std::size_t unit = 0; unit < activations.cols; ++unit) {
    T smallest = activations(0, unit), largest = smallest;
    std::size_t at_an_end = 0;
    for (std::size_t row = 0; row < activations.rows; ++row) {
      const T a = activations(row, unit);
      smallest = std::min(smallest, a);
      largest = std::max(largest, a);
      const auto value = static_cast<double>(a);
      if (value < traits.saturated_below || value > traits.saturated_above) ++at_an_end;
    }
    if (smallest == largest)
      ++layer.dead;
    else if (static_cast<double>(at_an_end) >=
             kSaturatedShare * static_cast<double>(activations.rows))
      ++layer.saturated;
  }
}

std::vector<std::uint32_t> sample_rows(const Dataset& data) {
  const std::size_t count = std::min(kSampleRows, data.rows());
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(static_cast<std::uint32_t>(i * data.rows() / count));
  return rows;
}

template <class T>
void pass_rows(const Model<T>& model, const Dataset& data, std::vector<LayerStatistics>& layers) {
  const std::vector<std::uint32_t> indices = sample_rows(data);
  const RowRange rows{0, indices.size()};
  const Network<T> network =
      model.network.topology().batch_norm() ? fold_batch_norm(model.network) : model.network;
  Workspace<Uniform<T>> workspace(network.topology(), rows.count);
  gather_inputs(data, InputTransform<T>(model.preprocess), indices, workspace.activation(0, rows));
  gather_targets(data, indices, workspace.target(rows), model.preprocess.targets);
  run_stages<Uniform<T>>(feedforward_stages<Uniform<T>>(network.topology()), network, workspace,
                         rows);
  output_layer(network, model.cost, model.task, workspace, rows);
  run_stages<Uniform<T>>(backprop_stages<Uniform<T>>(network.topology()), network, workspace, rows);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const MatrixView<const T> activations = workspace.activation(i + 1, rows);
    if (!layers[i].is_output) count_units(activations, layers[i]);
    layers[i].activations = histogram_of(values_of(activations), kBins, false);
    const MatrixView<const T> weight = network.weight(i);
    Matrix<T> nabla_w(weight.rows, weight.cols, weight.stride);
    const Tile whole{i, {0, weight.rows}, {0, weight.cols}};
    accumulate_nabla_w(workspace, whole, rows, T(1) / static_cast<T>(rows.count), T(0),
                       nabla_w.view());
    layers[i].nabla_w = histogram_of(values_of(MatrixView<const T>(nabla_w.view())), kBins, true);
  }
}

}  // namespace

Histogram histogram_of(const std::vector<float>& values, std::size_t bins, bool logarithmic) {
  Histogram histogram;
  histogram.values = values.size();
  std::vector<double> shown;
  shown.reserve(values.size());
  for (const float x : values) {
    if (x == 0) ++histogram.zeros;
    if (logarithmic && x == 0) continue;
    const double y = logarithmic ? std::log10(std::abs(static_cast<double>(x))) : x;
    if (std::isfinite(y)) shown.push_back(y);
  }
  if (shown.empty()) return histogram;
  const auto [smallest, largest] = std::ranges::minmax(shown);
  // A single value stands in the middle of a bin of its own.
  const double margin = smallest == largest ? std::max(0.5, std::abs(smallest) / 20) : 0;
  histogram.from = smallest - margin;
  histogram.to = largest + margin;
  histogram.counts.resize(bins);
  const auto count = static_cast<double>(shown.size());
  const double scale = static_cast<double>(bins) / (histogram.to - histogram.from);
  for (const double y : shown) {
    const auto bin = static_cast<std::size_t>((y - histogram.from) * scale);
    ++histogram.counts[std::min(bin, bins - 1)];
    histogram.mean += y / count;
  }
  for (const double y : shown)
    histogram.deviation += (y - histogram.mean) * (y - histogram.mean) / count;
  histogram.deviation = std::sqrt(histogram.deviation);
  return histogram;
}

std::vector<LayerStatistics> layer_statistics(const AnyModel& model, const Dataset& data) {
  return std::visit(
      [&](const auto& typed) {
        std::vector<LayerStatistics> layers;
        const Topology& topology = typed.network.topology();
        for (std::size_t i = 0; i < topology.layers().size(); ++i) {
          LayerStatistics layer;
          layer.neurons = topology.layers()[i].outputs;
          layer.activation = topology.layers()[i].activation;
          layer.is_output = i + 1 == topology.layers().size();
          layer.weights = histogram_of(values_of(typed.network.weight(i)), kBins, false);
          layers.push_back(std::move(layer));
        }
        if (data.rows() > 0) pass_rows(typed, data, layers);
        return layers;
      },
      model);
}

}  // namespace nabla::report
