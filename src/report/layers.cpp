// SPDX-License-Identifier: MIT
#include "report/layers.h"

#include <algorithm>
#include <cmath>

#include "data/gather.h"
#include "engine/gather_inputs.h"
#include "engine/stages.h"
#include "model/backprop.h"
#include "model/batch_norm.h"
#include "model/output_layer.h"
#include "model/parameter_layout.h"
#include "model/sparse_products.h"
#include "model/workspace.h"
#include "report/html.h"
#include "report/numbers.h"
#include "report/picture.h"
#include "train/row_waves.h"
#include "train/with_precision.h"

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

template <class P, class T>
void pass_rows(const Model<T>& model, const Dataset& data, std::vector<LayerStatistics>& layers) {
  const std::vector<std::uint32_t> indices = sample_rows(data);
  const RowRange rows{0, indices.size()};
  Network<T> network =
      model.network.topology().batch_norm() ? fold_batch_norm(model.network) : model.network;
  const InputTransform<T> transform(model.preprocess);
  const bool sparse = reads_entries(model, data);
  std::size_t entries = 0;
  if (sparse) {
    network = to_input_major(network);
    for (const std::uint32_t row : indices) entries += most_entries(data, transform, row);
  }
  Workspace<P> workspace(network.topology(), rows.count, false, entries);
  workspace.round_weights(network);
  if (sparse)
    workspace.sparse_inputs().begin(
        rows.count, [&](std::size_t r) { return most_entries(data, transform, indices[r]); });
  gather_into(workspace, data, transform, indices, rows);
  gather_targets(data, indices, workspace.target(rows), model.preprocess.targets);
  run_stages<P>(feedforward_stages<P>(network.topology()), network, workspace, rows);
  output_layer(network, model.cost, model.task, workspace, rows);
  workspace.round_delta(layers.size() - 1, rows, {0, network.topology().outputs()});
  run_stages<P>(backprop_stages<P>(network.topology()), network, workspace, rows);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const MatrixView<const T> activations = workspace.activation(i + 1, rows);
    if (!layers[i].is_output) count_units(activations, layers[i]);
    layers[i].activations = histogram_of(values_of(activations), kBins, false);
    const MatrixView<const T> weight = network.weight(i);
    Matrix<T> nabla_w(weight.rows, weight.cols, weight.stride);
    const Tile whole{i, {0, weight.rows}, {0, weight.cols}};
    const T share = T(1) / static_cast<T>(rows.count);
    if (sparse && i == 0)
      add_nabla_w(workspace, rows, share, nabla_w.view());
    else
      accumulate_nabla_w(workspace, whole, rows, share, T(0), nabla_w.view());
    layers[i].nabla_w = histogram_of(values_of(MatrixView<const T>(nabla_w.view())), kBins, true);
  }
}

/// Layers whose histograms are drawn; the table has all.
constexpr std::size_t kDrawnLayers = 8;
constexpr std::size_t kNeurons = 100;

std::string layer_name(std::size_t i, const LayerStatistics& layer) {
  return "Layer " + std::to_string(i + 1) + ", " +
         with_thousands(static_cast<double>(layer.neurons)) + " " +
         std::string(name_of(layer.activation));
}

std::string histogram(const Histogram& values, const std::string& title, const std::string& x_label,
                      const std::string& colour, Figures& figures) {
  Plot plot{.title = title, .x_label = x_label, .series = {histogram_bars(values, colour)}};
  plot.y_from = 0;
  return figures.add(std::move(plot));
}

Cell moment_cell(const Histogram& values, double value) {
  return values.counts.empty() ? text_cell("–") : number_cell(value, general(value, 3));
}

Cell units_cell(const LayerStatistics& layer, std::size_t count) {
  return layer.is_output || layer.activations.counts.empty()
             ? text_cell("–")
             : count_cell(static_cast<double>(count));
}

std::string called_out(const std::vector<LayerStatistics>& layers) {
  std::string html;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerStatistics& layer = layers[i];
    const std::string of = " of the " + std::to_string(layer.neurons) + " units ";
    const std::string name = "Layer " + std::to_string(i + 1) + ": ";
    if (layer.dead > 0)
      html += warning(name + std::to_string(layer.dead) + of +
                      "are dead: their output is the same for every row.");
    if (layer.saturated > 0)
      html += warning(name + std::to_string(layer.saturated) + of +
                      "are saturated: at an end of their range for nearly every row.");
  }
  return html.empty() ? paragraph("No hidden unit is dead or saturated.") : html;
}

/// A unit's weights as weights of the features themselves, if its inputs are components of them.
template <class T>
std::vector<float> on_features(std::span<const T> weights, const Preprocess& preprocess) {
  if (preprocess.components.empty()) return {weights.begin(), weights.end()};
  const std::size_t features = preprocess.shift.size();
  std::vector<double> sums(features);
  for (std::size_t c = 0; c < weights.size(); ++c)
    for (std::size_t f = 0; f < features; ++f)
      sums[f] += static_cast<double>(weights[c]) * preprocess.components[c * features + f];
  return {sums.begin(), sums.end()};
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
        if (data.rows() == 0) return layers;
        with_precision(typed, [&]<class P>(PrecisionTag<P>) { pass_rows<P>(typed, data, layers); });
        return layers;
      },
      model);
}

Series histogram_bars(const Histogram& histogram, const std::string& colour) {
  Series series{.draw = Draw::kBoxes, .colour = colour};
  const double width = (histogram.to - histogram.from) /
                       static_cast<double>(std::max<std::size_t>(histogram.counts.size(), 1));
  for (std::size_t i = 0; i < histogram.counts.size(); ++i)
    series.points.emplace_back(histogram.from + (static_cast<double>(i) + 0.5) * width,
                               static_cast<double>(histogram.counts[i]));
  return series;
}

Section histograms_section(const std::vector<LayerStatistics>& layers, std::size_t sample_rows,
                           Figures& figures) {
  Section section{"histograms", "Layers", ""};
  if (layers.empty()) return section;
  if (sample_rows > 0)
    section.html +=
        paragraph("Activations and nabla, the gradient of the mean cost, are those of " +
                  with_thousands(static_cast<double>(sample_rows)) +
                  " training rows. Dead: the same output for all of them. Saturated: "
                  "within a hundredth of an end of the range for 95% of them.") +
        called_out(layers);
  Table table;
  table.head = {"layer",      "activation",    "units",       "dead",
                "saturated",  "mean weight",   "± (weights)", "mean activation",
                "± (activ.)", "log10 |nabla|", "zero nabla"};
  std::string plots;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerStatistics& layer = layers[i];
    const Histogram& nabla = layer.nabla_w;
    table.rows.push_back(
        {text_cell(std::to_string(i + 1)), text_cell(name_of(layer.activation)),
         count_cell(static_cast<double>(layer.neurons)), units_cell(layer, layer.dead),
         units_cell(layer, layer.saturated), moment_cell(layer.weights, layer.weights.mean),
         moment_cell(layer.weights, layer.weights.deviation),
         moment_cell(layer.activations, layer.activations.mean),
         moment_cell(layer.activations, layer.activations.deviation),
         moment_cell(nabla, nabla.mean),
         nabla.values == 0 ? text_cell("–")
                           : number_cell(static_cast<double>(nabla.zeros),
                                         fixed(100.0 * static_cast<double>(nabla.zeros) /
                                                   static_cast<double>(nabla.values),
                                               1) +
                                             "%")});
    // The ends of a deep network tell most.
    if (layers.size() > kDrawnLayers && i >= kDrawnLayers / 2 &&
        i + kDrawnLayers / 2 < layers.size())
      continue;
    const std::string name = layer_name(i, layer);
    plots += histogram(layer.weights, name + ": weights", "weight", "c1", figures);
    plots += histogram(layer.activations, name + ": activations", "activation", "c3", figures);
    plots += histogram(nabla, name + ": nabla", "log10 of the magnitude", "c4", figures);
  }
  section.html += table_html(table) + plots_html(plots);
  return section;
}

Section weights_section(const AnyModel& model, const Dataset& rows) {
  Section section{"weights", "Weights of the first layer", ""};
  const std::size_t planes = image_planes(rows);
  std::visit(
      [&](const auto& typed) {
        const auto weight = typed.network.weight(0);
        if (planes == 0 || typed.preprocess.features(weight.cols) != rows.inputs()) return;
        const std::size_t count = std::min(kNeurons, weight.rows);
        section.html = paragraph(
            (count < weight.rows ? "The first " + std::to_string(count) + " of " +
                                       with_thousands(static_cast<double>(weight.rows)) + " units"
                                 : std::string("Each unit")) +
            ", scaled by its largest magnitude" +
            (planes == 1
                 ? ": blue is negative, white zero, red positive."
                 : ": mid-grey is zero, brighter positive, darker negative in each colour."));
        section.html += "<div class=\"tiles small\">\n";
        for (std::size_t unit = 0; unit < count; ++unit) {
          std::vector<float> values = on_features(weight.row(unit), typed.preprocess);
          values.resize(rows.inputs());  // Indicators of missing pixels are behind the pixels.
          float largest = 0;
          for (const float w : values) largest = std::max(largest, std::abs(w));
          section.html +=
              "<figure>" +
              img_html(signed_image_of(values, rows.image_height, rows.image_width, largest),
                       "unit " + std::to_string(unit + 1)) +
              "<figcaption>" + std::to_string(unit + 1) + ": ±" + general(largest, 2) +
              "</figcaption></figure>\n";
        }
        section.html += "</div>\n";
      },
      model);
  return section;
}

}  // namespace nabla::report
