// SPDX-License-Identifier: MIT
#include "nabla/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "nabla/base/error.h"

#include "data/gather.h"
#include "engine/blas_guard.h"
#include "engine/stages.h"
#include "model/batch_norm.h"
#include "model/output_layer.h"
#include "model/workspace.h"
#include "train/option_rows.h"

namespace nabla {

namespace {

/// Rows that one task passes through the network, and tasks whose rows are in memory at once.
constexpr std::size_t kTaskRows = 64;
constexpr std::size_t kTasks = 16;

/// Passes all rows of the data through the network in waves: task(workspace, rows, data_rows) for
/// disjoint ranges of a wave in parallel, then after(workspace, first, rows) for the whole wave on
/// the calling thread, where `first` is the data row that lies in row 0 of the workspace.
template <class T, class Task, class After>
void for_each_wave(const Model<T>& model, const Dataset& data, Executor& executor, Task task,
                   After after) {
  require_safe_blas(executor);
  std::optional<Network<T>> folded;
  if (model.network.topology().batch_norm()) folded = fold_batch_norm(model.network);
  const Network<T>& network = folded ? *folded : model.network;
  const std::size_t wave_rows = std::min(kTaskRows * kTasks, data.rows());
  Workspace<Uniform<T>> workspace(network.topology(), wave_rows);
  const InputTransform<T> transform(model.preprocess);
  const std::vector<Stage<Uniform<T>>> layers = feedforward_stages<Uniform<T>>(network.topology());
  std::vector<std::uint32_t> indices(data.rows());
  std::iota(indices.begin(), indices.end(), 0U);
  for (std::size_t first = 0; first < data.rows(); first += wave_rows) {
    const std::size_t count = std::min(wave_rows, data.rows() - first);
    executor.run((count + kTaskRows - 1) / kTaskRows, [&](std::size_t i) {
      const RowRange rows{i * kTaskRows, std::min(kTaskRows, count - i * kTaskRows)};
      const auto data_rows = std::span(indices).subspan(first + rows.first, rows.count);
      gather_inputs(data, transform, data_rows, workspace.activation(0, rows));
      run_stages<Uniform<T>>(layers, network, workspace, rows);
      task(workspace, rows, data_rows);
    });
    after(workspace, first, RowRange{0, count});
  }
}

/// Σ(y − mean of its column)² over all targets, the denominator of R²; exactly 0 where each
/// column has one value only, as distances from its first row are then 0.
double total_sum_of_squares(const Matrix<double>& targets) {
  double total = 0;
  for (std::size_t j = 0; j < targets.cols(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < targets.rows(); ++i) sum += targets(i, j) - targets(0, j);
    const double mean = targets(0, j) + sum / static_cast<double>(targets.rows());
    for (std::size_t i = 0; i < targets.rows(); ++i)
      total += (targets(i, j) - mean) * (targets(i, j) - mean);
  }
  return total;
}

}  // namespace

double accuracy_denominator(const Dataset& data) {
  return data.task == Task::kClassification ? static_cast<double>(data.rows())
                                            : total_sum_of_squares(data.targets);
}

double accuracy_of(double miss, double denominator) {
  if (denominator == 0 && !std::isnan(miss)) return miss == 0 ? 1 : 0;
  return 1.0 - miss / denominator;
}

template <class T>
Evaluation evaluate(const Model<T>& model, const Dataset& data, Executor& executor) {
  if (data.rows() == 0) throw DataError("evaluation: no rows, expected at least one");
  Evaluation result;
  result.rows = data.rows();
  const bool classification = data.task == Task::kClassification;
  if (classification) result.confusion = Matrix<std::uint32_t>(data.outputs(), data.outputs());
  const TargetScaling& scaling = model.preprocess.targets;
  double cost = 0, miss = 0, absolute = 0;
  for_each_wave(
      model, data, executor,
      [&](Workspace<Uniform<T>>& workspace, RowRange rows,
          std::span<const std::uint32_t> data_rows) {
        gather_targets(data, data_rows, workspace.target(rows), scaling);
        output_layer(model.network, model.cost, data.task, workspace, rows, scaling.divisor);
      },
      [&](Workspace<Uniform<T>>& workspace, std::size_t first, RowRange rows) {
        const auto outputs = workspace.activation(model.network.layers(), rows);
        for (std::size_t r = 0; r < rows.count; ++r) {
          cost += workspace.cost(rows)[r];
          miss += workspace.miss(rows)[r];
          const std::span<const T> row = outputs.row(r);
          if (classification)
            ++result.confusion(data.labels[first + r], argmax(row));
          else
            for (std::size_t j = 0; j < row.size(); ++j)
              absolute += std::abs(data.targets(first + r, j) -
                                   scaling.restored(static_cast<double>(row[j]), j));
        }
      });
  const auto rows = static_cast<double>(data.rows());
  result.score.cost = cost / rows;
  result.score.accuracy = accuracy_of(miss, accuracy_denominator(data));
  if (!classification) {
    const double values = rows * static_cast<double>(data.outputs());
    result.rmse = std::sqrt(miss / values);
    result.mae = absolute / values;
  }
  return result;
}

template <class T>
Matrix<T> predict(const Model<T>& model, const Dataset& data, Executor& executor) {
  Matrix<T> result(data.rows(), model.network.topology().outputs());
  const TargetScaling& scaling = model.preprocess.targets;
  for_each_wave(
      model, data, executor,
      [&](Workspace<Uniform<T>>& workspace, RowRange rows, std::span<const std::uint32_t>) {
        output_activation(model.network, workspace, rows);
      },
      [&](Workspace<Uniform<T>>& workspace, std::size_t first, RowRange rows) {
        const auto outputs = workspace.activation(model.network.layers(), rows);
        for (std::size_t r = 0; r < rows.count; ++r)
          for (std::size_t j = 0; j < outputs.cols; ++j)
            result(first + r, j) =
                static_cast<T>(scaling.restored(static_cast<double>(outputs(r, j)), j));
      });
  return result;
}

template <class T>
std::vector<std::uint32_t> predicted_classes(MatrixView<const T> outputs) {
  std::vector<std::uint32_t> classes(outputs.rows);
  for (std::size_t r = 0; r < outputs.rows; ++r)
    classes[r] = static_cast<std::uint32_t>(argmax(outputs.row(r)));
  return classes;
}

template <class T>
void require_matching(const Model<T>& model, const Dataset& data, const std::string& data_name) {
  const Topology& topology = model.network.topology();
  const auto refuse = [&](const std::string& what) { throw DataError(data_name + ": " + what); };
  const std::size_t features = model.preprocess.features(topology.inputs());
  if (data.inputs() != features)
    refuse("has " + std::to_string(data.inputs()) + " features per row, but the model expects " +
           std::to_string(features));
  const std::size_t targets =
      data.task == Task::kClassification ? data.labels.size() : data.targets.rows();
  if (targets != data.rows())
    refuse("has targets for " + std::to_string(targets) + " of its " + std::to_string(data.rows()) +
           " rows, expected one per row");
  if (!data.weights.empty() && data.weights.size() != data.rows())
    refuse("has weights for " + std::to_string(data.weights.size()) + " of its " +
           std::to_string(data.rows()) + " rows, expected one per row or none");
  if (data.task != model.task)
    refuse(data.task == Task::kClassification
               ? "its targets are classes, but the model is a regression"
               : "its targets are values, but the model is a classification");
  if (data.outputs() != topology.outputs())
    refuse("has " + std::to_string(data.outputs()) +
           (data.task == Task::kClassification ? " classes" : " targets") + ", but the model has " +
           std::to_string(topology.outputs()) + " outputs");
  if (traits_of(model.cost.kind).needs_probabilities && data.task == Task::kRegression) {
    if (!model.preprocess.targets.is_identity()) require_raw_targets(model.cost.kind);
    for (const double y : data.targets.elements())
      if (!(y >= 0 && y <= 1))
        throw ConfigError(
            "train.cost",
            std::string(name_of(model.cost.kind)) + " needs targets from 0 to 1, but " + data_name +
                " has " + std::to_string(y) + ", expected such targets, or " +
                alternatives(kCosts, [](auto& row) { return !row.needs_probabilities; }));
  }
}

template Evaluation evaluate(const Model<float>&, const Dataset&, Executor&);
template Evaluation evaluate(const Model<double>&, const Dataset&, Executor&);
template Matrix<float> predict(const Model<float>&, const Dataset&, Executor&);
template Matrix<double> predict(const Model<double>&, const Dataset&, Executor&);
template std::vector<std::uint32_t> predicted_classes(MatrixView<const float>);
template std::vector<std::uint32_t> predicted_classes(MatrixView<const double>);
template void require_matching(const Model<float>&, const Dataset&, const std::string&);
template void require_matching(const Model<double>&, const Dataset&, const std::string&);

}  // namespace nabla
