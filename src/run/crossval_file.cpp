// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/option_values.h"
#include "run/crossval.h"
#include "run/summary_file.h"

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

bool is_scored(const FoldResult& fold) { return fold.summary.status != TrainStatus::kDiverged; }

const char* score_name(Task task) { return task == Task::kClassification ? "accuracy" : "r2"; }

std::string cell(bool is_there, double value) {
  return is_there ? "," + write_number(value) : std::string(",");
}

Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

}  // namespace

std::vector<FoldFigure> fold_figures(Task task, const std::vector<FoldResult>& folds) {
  std::vector<FoldFigure> figures;
  const auto add = [&](const char* name, auto value_of) {
    figures.push_back({name, {}});
    for (const FoldResult& fold : folds)
      if (is_scored(fold)) figures.back().values.push_back(value_of(fold));
  };
  const bool is_regression = task == Task::kRegression;
  add(score_name(task), [](const FoldResult& fold) { return fold.evaluation.score.accuracy; });
  add("cost", [](const FoldResult& fold) { return fold.evaluation.score.cost; });
  if (is_regression) {
    add("rmse", [](const FoldResult& fold) { return fold.evaluation.rmse; });
    add("mae", [](const FoldResult& fold) { return fold.evaluation.mae; });
  }
  add("zero_rule", [](const FoldResult& fold) { return fold.zero_rule.accuracy; });
  if (is_regression)
    add("zero_rule_rmse", [](const FoldResult& fold) { return fold.zero_rule.rmse; });
  return figures;
}

std::string crossval_csv(Task task, const std::vector<FoldResult>& folds) {
  const bool is_regression = task == Task::kRegression;
  std::string text = std::string("repeat,fold,train_rows,test_rows,") + score_name(task) +
                     ",cost,rmse,mae,zero_rule,zero_rule_rmse,status,epochs,seconds\n";
  for (const FoldResult& fold : folds) {
    const bool scored = is_scored(fold);
    text += std::to_string(fold.repeat) + "," + std::to_string(fold.fold) + "," +
            std::to_string(fold.train_rows) + "," + std::to_string(fold.test_rows) +
            cell(scored, fold.evaluation.score.accuracy) +
            cell(scored, fold.evaluation.score.cost) +
            cell(scored && is_regression, fold.evaluation.rmse) +
            cell(scored && is_regression, fold.evaluation.mae) +
            cell(true, fold.zero_rule.accuracy) + cell(is_regression, fold.zero_rule.rmse) + "," +
            std::string(name_of(fold.summary.status)) + "," + std::to_string(fold.summary.epochs) +
            "," + write_number(fold.summary.train_seconds) + "\n";
  }
  return text;
}

std::string crossval_json(const CrossvalResult& result, const ExperimentOptions& options,
                          std::size_t threads) {
  const std::vector<FoldResult>& folds = result.validation.folds;
  Json json;
  json["status"] = name_of(!std::ranges::all_of(folds, is_scored) ? TrainStatus::kDiverged
                           : result.validation.interrupted        ? TrainStatus::kInterrupted
                                                                  : TrainStatus::kCompleted);
  json["folds"] = options.crossval.folds;
  json["repeats"] = options.crossval.repeats;
  json["ended"] = folds.size();
  for (const auto& [name, values] : fold_figures(result.task, folds)) {
    const MeanDeviation figure = mean_and_deviation(values);
    json[name] = {{"mean", finite_or_null(figure.mean)},
                  {"deviation", finite_or_null(figure.deviation)}};
  }
  double seconds = 0;
  for (const FoldResult& fold : folds) seconds += fold.summary.train_seconds;
  json["train_seconds"] = seconds;
  json["threads"] = threads;
  if (!folds.empty()) json["parameters"] = folds.front().summary.parameters;
  put_program(json, options);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
