// SPDX-License-Identifier: MIT
#include "nabla/train/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "nabla/base/error.h"

#include "base/random.h"
#include "data/entry_counts.h"
#include "engine/plan.h"
#include "engine/step.h"
#include "train/step_options.h"

namespace nabla {

namespace {

constexpr double kStep = 1e-4;
constexpr std::size_t kRows = 10;
constexpr std::size_t kParametersPerLayer = 200;

/// The options that change the function that is minimised, without those that say how its minimum
/// is looked for.
StepOptions objective_options(const Model<double>& model, const TrainOptions& options) {
  StepOptions result = step_options(model, options);
  result.optimizer = {};
  result.bounds = {};
  result.augment = {};
  return result;
}

/// The model on a few rows, as a function of its parameters: the training step itself, always at
/// the same point, so that dropout's masks stay as they are.
class Probe {
 public:
  Probe(const Model<double>& model, const Dataset& data, const Objective& objective,
        const TrainOptions& options)
      : model_(model),
        data_(first_rows_of(model, data)),
        penalty_{options.l1, options.l2},
        rows_(std::min(kRows, data.rows())),
        executor_(make_serial_executor()),
        step_(model.network.topology(), objective, data_, model.preprocess, plan_of(model, data_),
              objective_options(model, options), *executor_) {
    model_.cost = objective.cost;
    std::iota(rows_.begin(), rows_.end(), 0U);
  }

  /// The entries of the rows in each column; none if the rows are read whole.
  std::vector<std::size_t> entries_of_inputs() const {
    if (!trains_on_entries(model_, data_, {})) return {};
    return count_entries(data_, model_.network.topology().inputs(), 1).in_column;
  }

  double& parameter(std::size_t index) { return model_.network.parameters()[index]; }

  /// Mean cost of the rows with the penalties.
  double cost() {
    step_.take_weights(model_.network);
    double sum =
        step_.evaluate(model_.network, rows_, kPoint).cost / static_cast<double>(rows_.size());
    for (std::size_t i = 0; has_penalty() && i < model_.network.layers(); ++i) {
      const auto weight = model_.network.weight(i);
      for (std::size_t r = 0; r < weight.rows; ++r)
        for (const double w : weight.row(r))
          sum += penalty_.l1 * std::abs(w) + 0.5 * penalty_.l2 * w * w;
    }
    return sum;
  }

  /// On which side of its kink each function that has one is, after cost(). The two-sided
  /// difference across a kink is off.
  std::vector<char> pieces() {
    const RowRange rows{0, rows_.size()};
    Workspace<Float64>& workspace = step_.workspace();
    std::vector<char> pattern;
    const auto layers = model_.network.topology().layers();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (!traits_of(layers[i].activation).has_kink) continue;
      const auto a = workspace.activation(i + 1, rows);
      for (std::size_t r = 0; r < a.rows; ++r)
        for (const double x : a.row(r)) pattern.push_back(x > 0);
    }
    if (traits_of(model_.cost.kind).has_delta) {
      const auto a = workspace.activation(layers.size(), rows);
      const auto y = workspace.target(rows);
      for (std::size_t r = 0; r < a.rows; ++r)
        for (std::size_t j = 0; j < a.cols; ++j)
          pattern.push_back(std::abs(a(r, j) - y(r, j)) > model_.cost.huber_delta);
    }
    return pattern;
  }

  /// The nabla, laid out as the parameters: by how much a step of plain gradient descent with
  /// η = 1 moves them.
  Network<double> nabla() {
    Network<double> nabla = model_.network, stepped = model_.network;
    step_.take_weights(stepped);
    step_.run(stepped, rows_, kPoint);
    step_.give_weights(stepped);
    for (std::size_t p = 0; p < nabla.parameters().size(); ++p)
      nabla.parameters()[p] -= stepped.parameters()[p];
    return nabla;
  }

 private:
  static constexpr StepPoint kPoint{.learning_rate = 1};

  /// The first rows, as the steps read them.
  static Dataset first_rows_of(const Model<double>& model, const Dataset& data) {
    const Dataset rows = slice(data, 0, std::min(kRows, data.rows()));
    return trains_on_entries(model, rows, {}) ? to_sparse(rows) : rows;
  }

  static StepPlan plan_of(const Model<double>& model, const Dataset& rows) {
    const Topology& topology = model.network.topology();
    if (!trains_on_entries(model, rows, {})) return plan_step(topology, rows.rows(), {});
    const EntryCounts entries = count_entries(rows, topology.inputs(), rows.rows());
    return plan_step(topology, rows.rows(), {}, TileCut::kAny, &entries);
  }

  bool has_penalty() const { return penalty_.l1 > 0 || penalty_.l2 > 0; }

  Model<double> model_;
  Dataset data_;
  Penalty penalty_;
  std::vector<std::uint32_t> rows_;
  std::unique_ptr<Executor> executor_;
  Step<Float64> step_;
};

/// Places in the flat array of all parameters of one layer, but weights of inputs that no row has:
/// their nabla is 0.
std::vector<std::size_t> all_parameters(const Layer& layer,
                                        const std::vector<std::size_t>& entries) {
  std::vector<std::size_t> places;
  for (std::size_t row = 0; row < layer.outputs; ++row)
    for (std::size_t j = 0; j < layer.inputs; ++j)
      if (entries.empty() || entries[j] > 0)
        places.push_back(layer.weight_offset + row * layer.weight_stride + j);
  const auto add = [&](std::size_t offset) {
    for (std::size_t j = 0; j < layer.outputs; ++j) places.push_back(offset + j);
  };
  add(layer.bias_offset);
  if (layer.batch_norm) {
    add(layer.norm_weight_offset);
    add(layer.norm_bias_offset);
  }
  return places;
}

/// All of them, or kParametersPerLayer drawn from them.
std::vector<std::size_t> choose_parameters(const Layer& layer,
                                           const std::vector<std::size_t>& entries,
                                           std::uint64_t seed, std::uint32_t index) {
  const std::vector<std::size_t> all = all_parameters(layer, entries);
  if (all.size() <= kParametersPerLayer) return all;
  Random random(seed, Stream::kGradientCheck, index);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < kParametersPerLayer; ++i)
    chosen.push_back(all[random.below(static_cast<std::uint32_t>(all.size()))]);
  return chosen;
}

}  // namespace

std::vector<LayerCheck> check_gradients(const Model<double>& model, const Dataset& data,
                                        const TrainOptions& options) {
  validate(options);
  if (data.rows() == 0) throw DataError("gradient check: no rows, expected at least one");
  if (model.network.topology().batch_norm() && data.rows() < 2)
    throw DataError("gradient check: one row, expected at least two with batch normalisation");
  Probe probe(model, data, make_objective(model, data, options), options);
  const Network<double> nabla = probe.nabla();
  std::vector<LayerCheck> checks;
  const auto layers = model.network.topology().layers();
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    LayerCheck check{.layer = i, .parameters = 0, .relative_error = 0};
    double difference = 0, analytic_norm = 0, numerical_norm = 0;
    // Few columns of sparse rows have entries in so few of them.
    const std::vector<std::size_t> entries =
        i == 0 && model.sparse ? probe.entries_of_inputs() : std::vector<std::size_t>();
    for (const std::size_t place : choose_parameters(layers[i], entries, options.seed, i)) {
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
