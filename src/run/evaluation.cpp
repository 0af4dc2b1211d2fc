// SPDX-License-Identifier: MIT
#include "run/evaluation.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/model_data.h"

#include "run/initial_model.h"
#include "run/node_data.h"
#include "run/rank_options.h"
#include "run/same_on_ranks.h"
#include "run/summary_file.h"
#include "run/together.h"
#include "train/checked_rows.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

Json class_json(const std::string& name, const ClassScores& scores) {
  return {{"name", name},
          {"precision", finite_or_null(scores.precision)},
          {"recall", finite_or_null(scores.recall)},
          {"f1", finite_or_null(scores.f1)},
          {"rows", scores.rows}};
}

Json confusion_json(const ClassificationScores& scores, const std::vector<std::string>& classes) {
  Json json = Json::array();
  if (classes.size() <= kMatrixClasses) {
    const Matrix<std::uint32_t> matrix = confusion_matrix(scores);
    for (std::size_t i = 0; i < matrix.rows(); ++i) json.push_back(matrix.row(i));
    return json;
  }
  for (const ConfusionCell& cell : most_confused(scores))
    json.push_back({{"true", classes[cell.truth]},
                    {"predicted", classes[cell.predicted]},
                    {"rows", cell.rows}});
  return json;
}

void put(Json& json, const ClassificationScores& scores, const ModelEvaluation& evaluation) {
  json["accuracy"] = scores.accuracy;
  json["zero_rule"] = evaluation.zero_rule.goodness;
  json["balanced_accuracy"] = scores.balanced_accuracy;
  json["log_loss"] = finite_or_null(scores.log_loss);
  json["f1_macro"] = scores.macro.f1;
  json["f1_weighted"] = scores.weighted.f1;
  json["roc_auc"] = finite_or_null(scores.roc_auc);
  json["top5"] = finite_or_null(scores.top5);
  json["mcc"] = scores.mcc;
  json["classes"] = Json::array();
  for (std::size_t i = 0; i < scores.classes.size(); ++i)
    json["classes"].push_back(class_json(evaluation.outputs[i], scores.classes[i]));
  json["confusion"] = confusion_json(scores, evaluation.outputs);
}

void put(Json& json, const TargetScores& scores) {
  json["rmse"] = scores.rmse;
  json["mae"] = scores.mae;
  json["r2"] = finite_or_null(scores.r2);
  json["median_absolute_error"] = scores.median_absolute_error;
}

void put(Json& json, const RegressionScores& scores, const ModelEvaluation& evaluation) {
  json["zero_rule"] = evaluation.zero_rule.goodness;
  put(json, scores);
  if (scores.targets.size() < 2) return;
  json["targets"] = Json::array();
  for (std::size_t i = 0; i < scores.targets.size(); ++i) {
    json["targets"].push_back({{"name", evaluation.outputs[i]}});
    put(json["targets"].back(), scores.targets[i]);
  }
}

void put(Json& json, const MultiLabelScores& scores, const ModelEvaluation& evaluation) {
  json["accuracy"] = scores.subset_accuracy;
  json["zero_rule"] = evaluation.zero_rule.goodness;
  json["hamming_loss"] = scores.hamming_loss;
  json["f1_micro"] = finite_or_null(scores.f1_micro);
  json["f1_macro"] = scores.macro.f1;
  json["labels"] = Json::array();
  for (std::size_t i = 0; i < scores.labels.size(); ++i)
    json["labels"].push_back(class_json(evaluation.outputs[i], scores.labels[i]));
}

}  // namespace

EvaluatedRows rows_to_evaluate(DataSplit data) {
  if (data.test.rows() > 0) return {std::move(data.test), "test"};
  if (data.validation.rows() > 0) return {std::move(data.validation), "validation"};
  return {std::move(data.train), "training"};
}

ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options,
                               bool with_importance, Ranks& ranks) {
  require_same_build(ranks);
  const ParallelOptions parallel = with_rank_threads(options.parallel, ranks);
  DataSplit data = read_once_a_node(ranks, [&] { return load_data_for(model, options.data); });
  if (ranks.size() > 1) require_same_data(ranks, identify(data));
  const Dataset train = data.train;
  std::vector<std::string> warnings;
  for (const Dataset* part : {&data.train, &data.validation, &data.test})
    warnings.insert(warnings.end(), part->warnings.begin(), part->warnings.end());
  const EvaluatedRows rows = rows_to_evaluate(std::move(data));
  return std::visit(
      [&](const auto& typed) -> ModelEvaluation {
        const std::string name = "the " + rows.name + " rows";
        together(ranks, [&] { require_usable(typed, rows.data, name); });
        const auto executor = make_executor(parallel.threads);
        ModelEvaluation result{score_named(typed, rows.data, *executor, name, ranks),
                               zero_rule(train, rows.data), rows.name,
                               typed.task == Task::kClassification
                                   ? typed.classes
                                   : typed.columns.target_names(rows.data.outputs())};
        if (with_importance)
          result.importance = permutation_importance(typed, rows.data, {}, *executor, ranks);
        result.warnings = warnings;
        std::ranges::stable_sort(result.importance, std::ranges::greater{},
                                 &ColumnImportance::mean);
        return result;
      },
      model);
}

Matrix<std::uint32_t> confusion_matrix(const ClassificationScores& scores) {
  Matrix<std::uint32_t> matrix(scores.classes.size(), scores.classes.size());
  for (const ConfusionCell& cell : scores.confusion)
    matrix(cell.truth, cell.predicted) = static_cast<std::uint32_t>(cell.rows);
  return matrix;
}

std::vector<ConfusionCell> most_confused(const ClassificationScores& scores) {
  std::vector<ConfusionCell> cells = scores.confusion;
  std::erase_if(cells, [](const ConfusionCell& cell) { return cell.truth == cell.predicted; });
  std::ranges::stable_sort(cells, std::ranges::greater{}, &ConfusionCell::rows);
  return cells;
}

Json evaluation_json(const ModelEvaluation& evaluation) {
  Json json;
  json["rows"] = evaluation.scores.rows;
  json["cost"] = evaluation.scores.cost;
  std::visit([&](const auto& scores) { put(json, scores, evaluation); }, evaluation.scores.of_task);
  for (const ColumnImportance& column : evaluation.importance)
    json["importance"].push_back(
        {{"column", column.name}, {"mean", column.mean}, {"deviation", column.deviation}});
  return json;
}

std::vector<LayerCheck> run_gradient_check(ExperimentOptions options) {
  // The check reads the first rows only, so a generator need not make all of them unless the
  // preprocessing is fitted on them.
  constexpr std::size_t kRows = 10;
  DataOptions& data = options.data;
  if (data.source == DataSource::kDigits && data.validation == 0 && !is_fitted(data.normalize)) {
    data.digits_train = std::min(data.digits_train, kRows);
    data.digits_test = 0;
  }
  const DataSplit split = load_data(data);
  return check_gradients(make_model<double>(options, split.train), split.train, options.train);
}

}  // namespace nabla
