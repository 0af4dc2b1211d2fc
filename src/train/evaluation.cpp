// SPDX-License-Identifier: MIT
#include "nabla/train/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"

#include "base/option_values.h"
#include "data/number_range.h"
#include "engine/plan.h"
#include "model/output_layer.h"
#include "train/checked_rows.h"
#include "train/goodness.h"
#include "train/option_rows.h"
#include "train/row_waves.h"

namespace nabla {

/// Sums over the rows of a task, in their order.
struct EvaluationSums {
  double cost = 0;
  double misfit = 0;
  double absolute = 0;                    ///< errors of a regression's targets
  std::uint64_t not_finite = UINT64_MAX;  ///< the first such row, see CheckedEvaluation
};

namespace {

/// Throws DataError if the rows do not have the features that the model expects.
template <class T>
void require_features(const Model<T>& model, const Dataset& data, const std::string& data_name) {
  const std::size_t features = model.preprocess.features(model.network.topology().inputs());
  if (data.inputs() != features)
    throw DataError(data_name + ": has " + std::to_string(data.inputs()) +
                    " features per row, but the model expects " + std::to_string(features));
}

template <class T>
bool all_finite(std::span<const T> numbers) {
  return std::ranges::all_of(numbers, [](T number) { return std::isfinite(number); });
}

}  // namespace

template <class T>
CheckedEvaluation evaluate_checked(const Model<T>& model, const Dataset& data, Executor& executor,
                                   const OnOutputs<T>& on_outputs, Ranks& ranks) {
  if (data.rows() == 0) throw DataError("evaluation: no rows, expected at least one");
  require_matching(model, data, kRowsToEvaluate);
  const bool regression = data.task == Task::kRegression;
  const TargetScaling& scaling = model.preprocess.targets;
  const std::size_t tasks = (data.rows() + kTaskRows - 1) / kTaskRows;
  const auto rows_of = [&](std::size_t rank) {
    const RowRange own = divide_rows({0, tasks}, ranks.size(), rank);
    const std::size_t first = std::min(own.first * kTaskRows, data.rows());
    return RowRange{first, std::min((own.first + own.count) * kTaskRows, data.rows()) - first};
  };
  std::vector<EvaluationSums> sums(tasks);
  Matrix<T> all_outputs(ranks.size() > 1 && on_outputs ? data.rows() : 0, data.outputs());
  for_each_wave(
      model, data, rows_of(ranks.rank()), executor,
      [&](auto& workspace, RowRange rows, std::span<const std::uint32_t> data_rows) {
        gather_targets(data, data_rows, workspace.target(rows), scaling);
        output_layer(model.network, model.cost, data.task, workspace, rows, scaling.divisor);
        const auto outputs = workspace.activation(model.network.layers(), rows);
        EvaluationSums& sum = sums[data_rows.front() / kTaskRows];
        for (std::size_t r = 0; r < rows.count; ++r) {
          const double cost = workspace.cost(rows)[r], misfit = workspace.misfit(rows)[r];
          sum.cost += cost;
          sum.misfit += misfit;
          const std::span<const T> row = outputs.row(r);
          if (!all_finite(row) || !std::isfinite(cost) || !std::isfinite(misfit))
            sum.not_finite = std::min<std::uint64_t>(sum.not_finite, data_rows[r]);
          if (regression)
            for (std::size_t j = 0; j < row.size(); ++j)
              sum.absolute += std::abs(data.targets(data_rows[r], j) -
                                       scaling.restored(static_cast<double>(row[j]), j));
        }
      },
      [&](auto& workspace, std::size_t first, RowRange rows) {
        if (!on_outputs) return;
        const MatrixView<const T> outputs = workspace.activation(model.network.layers(), rows);
        if (ranks.size() == 1) return on_outputs(first, outputs);
        for (std::size_t r = 0; r < rows.count; ++r)
          std::ranges::copy(outputs.row(r), all_outputs.row(first + r).begin());
      });
  if (ranks.size() > 1) {
    std::vector<BytesRange> of_tasks, of_rows;
    for (std::size_t q = 0; q < ranks.size(); ++q) {
      const RowRange own = divide_rows({0, tasks}, ranks.size(), q), rows = rows_of(q);
      const std::size_t row = all_outputs.cols() * sizeof(T);
      of_tasks.push_back({own.first * sizeof(EvaluationSums), own.count * sizeof(EvaluationSums)});
      of_rows.push_back({rows.first * row, rows.count * row});
    }
    ranks.gather(std::as_writable_bytes(std::span(sums)), of_tasks);
    if (on_outputs) {
      ranks.gather(std::as_writable_bytes(all_outputs.elements()), of_rows);
      on_outputs(0, all_outputs.view());
    }
  }
  EvaluationSums sum;
  for (const EvaluationSums& of_task : sums) {
    sum.cost += of_task.cost;
    sum.misfit += of_task.misfit;
    sum.absolute += of_task.absolute;
    sum.not_finite = std::min(sum.not_finite, of_task.not_finite);
  }
  CheckedEvaluation checked;
  if (sum.not_finite < data.rows()) checked.not_finite = sum.not_finite;
  Evaluation& result = checked.evaluation;
  result.rows = data.rows();
  const auto rows = static_cast<double>(data.rows());
  result.score.cost = sum.cost / rows;
  result.score.goodness = goodness_of(sum.misfit, misfit_of_zero_goodness(data));
  if (regression) {
    const double values = rows * static_cast<double>(data.outputs());
    result.rmse = std::sqrt(sum.misfit / values);
    result.mae = sum.absolute / values;
  }
  return checked;
}

template <class T>
CheckedPredictor<T>::CheckedPredictor(const Model<T>& model, Executor& executor)
    : model_(model), executor_(executor), waves_(std::make_unique<RowWaves<T>>(model)) {}

template <class T>
CheckedPredictor<T>::~CheckedPredictor() = default;

template <class T>
CheckedPrediction CheckedPredictor<T>::predict(const Dataset& data) {
  require_features(model_, data, kRowsToPredict);
  require_in_range(model_.preprocess, waves_->transform(), data, kRowsToPredict);
  const Network<T>& network = model_.network;
  CheckedPrediction checked{{Matrix<double>(data.rows(), network.topology().outputs()), {}},
                            std::nullopt};
  Prediction& result = checked.prediction;
  const bool classification = model_.task == Task::kClassification;
  if (classification) result.classes.reserve(data.rows());
  const TargetScaling& scaling = model_.preprocess.targets;
  waves_->run(
      data, executor_,
      [&](auto& workspace, RowRange rows, std::span<const std::uint32_t>) {
        output_activation(network, workspace, rows);
      },
      [&](auto& workspace, std::size_t first, RowRange rows) {
        const auto outputs = workspace.activation(network.layers(), rows);
        for (std::size_t r = 0; r < rows.count; ++r) {
          const std::span<const T> row = outputs.row(r);
          for (std::size_t j = 0; j < row.size(); ++j)
            result.outputs(first + r, j) = scaling.restored(static_cast<double>(row[j]), j);
          if (!all_finite(std::as_const(result.outputs).row(first + r)) && !checked.not_finite)
            checked.not_finite = first + r;
          if (classification) result.classes.push_back(static_cast<std::uint32_t>(argmax(row)));
        }
      });
  return checked;
}

Divergence divergence_of(std::size_t not_finite, const Dataset& rows, const char* name,
                         const EpochReport& report) {
  return {.epoch = report.epoch,
          .rate = report.learning_rate,
          .rows = name,
          .row = not_finite + 1,
          .place = rows.origin.empty() ? "" : rows.origin.place(not_finite)};
}

void require_finite_rows(std::optional<std::size_t> not_finite, const Dataset& data,
                         const std::string& data_name) {
  if (!not_finite) return;
  throw DataError(data.origin.place(*not_finite, data_name) +
                  ": its prediction is NaN or infinite, expected features near those trained on");
}

template <class T>
void require_usable(const Model<T>& model, const Dataset& data, const std::string& data_name) {
  if (data.rows() == 0) return;
  require_matching(model, data, data_name);
  require_in_range<T>(model.preprocess, data, data_name);
}

template <class T>
Evaluation evaluate(const Model<T>& model, const Dataset& data, Executor& executor) {
  require_usable(model, data, kRowsToEvaluate);
  CheckedEvaluation checked = evaluate_checked(model, data, executor);
  require_finite_rows(checked.not_finite, data, kRowsToEvaluate);
  return std::move(checked.evaluation);
}

template <class T>
Prediction predict(const Model<T>& model, const Dataset& data, Executor& executor) {
  CheckedPrediction checked = CheckedPredictor<T>(model, executor).predict(data);
  require_finite_rows(checked.not_finite, data, kRowsToPredict);
  return std::move(checked.prediction);
}

Evaluation evaluate(const AnyModel& model, const Dataset& data, const ParallelOptions& parallel) {
  const auto executor = make_executor(parallel);
  return std::visit([&](const auto& typed) { return evaluate(typed, data, *executor); }, model);
}

Prediction predict(const AnyModel& model, const Dataset& data, const ParallelOptions& parallel) {
  const auto executor = make_executor(parallel);
  return std::visit([&](const auto& typed) { return predict(typed, data, *executor); }, model);
}

Prediction predict(const AnyModel& model, const Dataset::Features& features,
                   const ParallelOptions& parallel) {
  Dataset data;
  data.features = features;
  return predict(model, data, parallel);
}

template <class T>
void require_matching(const Model<T>& model, const Dataset& data, const std::string& data_name) {
  const Topology& topology = model.network.topology();
  const auto refuse = [&](const std::string& what) { throw DataError(data_name + ": " + what); };
  require_features(model, data, data_name);
  const std::size_t targets =
      data.task == Task::kClassification ? data.labels.size() : data.targets.rows();
  if (targets != data.rows())
    refuse("has targets for " + std::to_string(targets) + " of its " + std::to_string(data.rows()) +
           " rows, expected one per row");
  if (!data.weights.empty() && data.weights.size() != data.rows())
    refuse("has weights for " + std::to_string(data.weights.size()) + " of its " +
           std::to_string(data.rows()) + " rows, expected one per row or none");
  if (data.task != model.task)
    refuse("its targets are " + std::string(traits_of(data.task).targets) +
           ", but the model is a " + std::string(name_of(model.task)));
  if (data.outputs() != topology.outputs())
    refuse("has " + std::to_string(data.outputs()) +
           (data.task == Task::kRegression ? " targets"
                                           : " " + std::string(traits_of(data.task).targets)) +
           ", but the model has " + std::to_string(topology.outputs()) + " outputs");
  if (data.classes != model.classes)
    refuse("has the classes " + join(data.classes) +
           ", expected the model's: " + join(model.classes));
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

template CheckedEvaluation evaluate_checked(const Model<float>&, const Dataset&, Executor&,
                                            const OnOutputs<float>&, Ranks&);
template CheckedEvaluation evaluate_checked(const Model<double>&, const Dataset&, Executor&,
                                            const OnOutputs<double>&, Ranks&);
template class CheckedPredictor<float>;
template class CheckedPredictor<double>;
template Evaluation evaluate(const Model<float>&, const Dataset&, Executor&);
template Evaluation evaluate(const Model<double>&, const Dataset&, Executor&);
template Prediction predict(const Model<float>&, const Dataset&, Executor&);
template Prediction predict(const Model<double>&, const Dataset&, Executor&);
template void require_usable(const Model<float>&, const Dataset&, const std::string&);
template void require_usable(const Model<double>&, const Dataset&, const std::string&);
template void require_matching(const Model<float>&, const Dataset&, const std::string&);
template void require_matching(const Model<double>&, const Dataset&, const std::string&);

}  // namespace nabla
