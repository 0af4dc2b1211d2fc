// SPDX-License-Identifier: MIT
#include "nabla/train/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nabla/base/error.h"
#include "nabla/base/random.h"

#include "data/gather.h"
#include "model/backprop.h"
#include "model/feedforward.h"
#include "model/output_layer.h"
#include "model/workspace.h"
#include "train/make_objective.h"

namespace nabla {

namespace {

constexpr double kStep = 1e-4;
constexpr std::size_t kRows = 10;
constexpr std::size_t kParametersPerLayer = 200;

/// Whether f' or, for elu, f'' jumps at z = 0, so that the two-sided difference across it is off.
bool has_two_pieces(Activation activation) {
  return activation == Activation::kRelu || activation == Activation::kLeakyRelu ||
         activation == Activation::kElu;
}

/// The model on a few rows, as a function of its parameters.
class Probe {
 public:
  Probe(const Model<double>& model, const Dataset& data, const Objective& objective,
        const TrainOptions& options)
      : model_(model),
        l1_(options.l1),
        l2_(options.l2),
        rows_{0, std::min(kRows, data.rows())},
        workspace_(model.network.topology(), rows_.count, !objective.row_weights.empty()) {
    std::vector<std::uint32_t> indices(rows_.count);
    std::iota(indices.begin(), indices.end(), 0U);
    gather_inputs(data, InputTransform<double>(model.preprocess), indices,
                  workspace_.activation(0, rows_));
    gather_targets(data, indices, workspace_.target(rows_), model.preprocess.targets);
    smooth_targets(objective.smoothing, workspace_.target(rows_));
    gather_weights(objective.row_weights, indices, workspace_.weight(rows_));
  }

  double& parameter(std::size_t index) { return model_.network.parameters()[index]; }

  /// Mean cost of the rows with the penalties.
  double cost() {
    const auto costs = forward();
    double sum =
        std::accumulate(costs.begin(), costs.end(), 0.0) / static_cast<double>(rows_.count);
    for (std::size_t i = 0; (l1_ > 0 || l2_ > 0) && i < model_.network.layers(); ++i) {
      const auto weight = model_.network.weight(i);
      for (std::size_t r = 0; r < weight.rows; ++r)
        for (const double w : weight.row(r)) sum += l1_ * std::abs(w) + 0.5 * l2_ * w * w;
    }
    return sum;
  }

  /// On which piece each function made of several pieces is, after cost().
  std::vector<char> pieces() {
    std::vector<char> pattern;
    const auto layers = model_.network.topology().layers();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (!has_two_pieces(layers[i].activation)) continue;
      const auto a = workspace_.activation(i + 1, rows_);
      for (std::size_t r = 0; r < a.rows; ++r)
        for (const double x : a.row(r)) pattern.push_back(x > 0);
    }
    if (model_.cost.kind == Cost::kHuber) {
      const auto a = workspace_.activation(layers.size(), rows_);
      const auto y = workspace_.target(rows_);
      for (std::size_t r = 0; r < a.rows; ++r)
        for (std::size_t j = 0; j < a.cols; ++j)
          pattern.push_back(std::abs(a(r, j) - y(r, j)) > model_.cost.huber_delta);
    }
    return pattern;
  }

  /// Backprop's nabla, laid out as the parameters.
  Network<double> nabla() {
    forward();
    backprop(model_.network, workspace_, rows_);
    Network<double> nabla(model_.network.topology());
    const double mean = 1.0 / static_cast<double>(rows_.count);
    for (std::size_t i = 0; i < nabla.layers(); ++i) {
      const Neurons all{0, nabla.bias(i).size()};
      set_penalty(nabla.weight(i), model_.network.weight(i));
      accumulate_nabla_w(workspace_, i, rows_, all, {0, nabla.weight(i).cols}, mean, 1.0,
                         nabla.weight(i));
      accumulate_nabla_b(workspace_, i, rows_, all, mean, 0.0, nabla.bias(i));
    }
    return nabla;
  }

 private:
  /// nabla_w ← l1 · sign(w) + l2 · w
  void set_penalty(MatrixView<double> nabla_w, MatrixView<const double> weight) const {
    for (std::size_t r = 0; r < weight.rows; ++r)
      for (std::size_t j = 0; j < weight.cols; ++j) {
        const double w = weight(r, j);
        nabla_w(r, j) = l2_ * w + (w > 0 ? l1_ : w < 0 ? -l1_ : 0.0);
      }
  }

  std::span<double> forward() {
    feedforward(model_.network, workspace_, rows_);
    output_layer(model_.network, model_.cost, model_.task, workspace_, rows_);
    return workspace_.cost(rows_);
  }

  Model<double> model_;
  double l1_, l2_;
  RowRange rows_;
  Workspace<double> workspace_;
};

/// Places in the flat array of up to kParametersPerLayer weights and biases of one layer.
std::vector<std::size_t> choose_parameters(const Layer& layer, std::uint64_t seed,
                                           std::uint32_t index) {
  std::vector<std::size_t> places;
  Random random(seed, static_cast<std::uint32_t>(Stream::kGradientCheck), index);
  const std::size_t weights = layer.inputs * layer.outputs;
  const auto place = [&](std::size_t p) {
    return p < weights
               ? layer.weight_offset + p / layer.inputs * layer.weight_stride + p % layer.inputs
               : layer.bias_offset + (p - weights);
  };
  const std::size_t all = weights + layer.outputs;
  if (all <= kParametersPerLayer) {
    for (std::size_t p = 0; p < all; ++p) places.push_back(place(p));
  } else {
    for (std::size_t i = 0; i < kParametersPerLayer; ++i)
      places.push_back(place(random.below(static_cast<std::uint32_t>(all))));
  }
  return places;
}

}  // namespace

std::vector<LayerCheck> check_gradients(const Model<double>& model, const Dataset& data,
                                        const TrainOptions& options) {
  if (data.rows() == 0) throw DataError("gradient check: no rows, expected at least one");
  Probe probe(model, data, make_objective(model, data, options), options);
  const Network<double> nabla = probe.nabla();
  std::vector<LayerCheck> checks;
  const auto layers = model.network.topology().layers();
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    LayerCheck check{.layer = i, .parameters = 0, .relative_error = 0};
    double difference = 0, analytic_norm = 0, numerical_norm = 0;
    for (const std::size_t place : choose_parameters(layers[i], options.seed, i)) {
      double& parameter = probe.parameter(place);
      const double saved = parameter;
      if (options.l1 > 0 && place < layers[i].bias_offset && std::abs(saved) <= kStep) continue;
      parameter = saved + kStep;
      const double above = probe.cost();
      const auto pieces_above = probe.pieces();
      parameter = saved - kStep;
      const double below = probe.cost();
      const bool crosses_kink = probe.pieces() != pieces_above;
      parameter = saved;
      if (crosses_kink) continue;
      const double analytic = nabla.parameters()[place];
      const double numerical = (above - below) / (2 * kStep);
      difference += (analytic - numerical) * (analytic - numerical);
      analytic_norm += analytic * analytic;
      numerical_norm += numerical * numerical;
      ++check.parameters;
    }
    const double norms = std::sqrt(analytic_norm) + std::sqrt(numerical_norm);
    check.relative_error = norms == 0 ? 0 : std::sqrt(difference) / norms;
    if (check.parameters == 0) check.relative_error = std::numeric_limits<double>::quiet_NaN();
    checks.push_back(check);
  }
  return checks;
}

}  // namespace nabla
