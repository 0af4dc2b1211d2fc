// SPDX-License-Identifier: MIT
#include "run/crossval.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/engine/executor.h"

#include "base/file.h"
#include "base/option_values.h"
#include "config/configuration.h"
#include "run/fold_message.h"
#include "run/initial_model.h"
#include "run/node_data.h"
#include "run/rank_options.h"
#include "run/resolved_experiment.h"
#include "run/run_folder.h"
#include "run/same_on_ranks.h"
#include "run/summary_file.h"
#include "run/together.h"

namespace nabla {

namespace {

/// Returns the choices of the first fold. Those of the others may differ: each makes its own.
std::string first_choices(const ExperimentOptions& options, const Dataset& data) {
  const FoldRows rows = rows_of_fold(assign_folds(data, options.crossval, 0), 0);
  ExperimentOptions chosen = resolved(options, select(data, rows.train));
  chosen.crossval.stratified = is_stratified(options.crossval, data.task);
  return choices_text(options, chosen);
}

/// Training and validation rows.
DataSplit load_rows(DataOptions options) {
  options.digits_test = 0;
  DataSplit data = load_data(options);
  data.test = {};
  return data;
}

template <class T>
CrossvalResult run_crossval_as(const ExperimentOptions& options, const RunResources& resources,
                               const CrossvalCallbacks& callbacks) {
  const std::string config = write_configuration(options);
  const DataSplit& data = resources.data.split;
  Ranks& ranks = resources.ranks;
  const bool is_first = ranks.rank() == 0;
  const ModelMaker<T> make = [&](const Dataset& train, std::uint64_t seed) {
    ExperimentOptions own = options;
    own.train.seed = seed;
    return make_model<T>(own, train);
  };

  std::optional<RunFolder> folder;
  CrossvalResult result{{}, data.train.task, {}, {}, resources.data.identity};
  std::vector<FoldResult> ended;
  const auto write = [&](const std::filesystem::path& file, const std::string& text) {
    try {
      replace_file(file, text);
    } catch (const std::system_error& error) {
      if (result.write_error.empty()) result.write_error = error.what();
      if (callbacks.on_warning) callbacks.on_warning(error.what());
    }
  };
  CrossValidationCallbacks inner = callbacks;
  inner.on_start = [&](CrossValidationStart start) {
    if (!is_first) return;
    start.at_once = std::min(start.at_once * ranks.size(), start.trainings);
    folder = RunFolder::claim(options.output.dir, options.output.overwrite);
    result.folder = folder->path();
    replace_file(folder->config(), config);
    replace_file(folder->crossval(), crossval_csv(result.task, {}));
    if (callbacks.on_start) callbacks.on_start(start);
    const std::string choices = first_choices(options, data.train);
    if (callbacks.on_choices && !choices.empty()) callbacks.on_choices(choices);
    if (callbacks.on_warning)
      for (const std::string& warning : scales_warnings(options, data.train))
        callbacks.on_warning(warning);
  };
  inner.on_fold = [&](const FoldResult& fold) {
    if (!is_first) return;
    const auto place = std::ranges::find_if(ended, [&](const FoldResult& other) {
      return std::pair(other.repeat, other.fold) > std::pair(fold.repeat, fold.fold);
    });
    ended.insert(place, fold);
    write(folder->crossval(), crossval_csv(result.task, ended));
    if (callbacks.on_fold) callbacks.on_fold(fold);
  };
  together(ranks, [&] {
    result.validation =
        cross_validate<T>(data, options.crossval, make, options.train, options.parallel,
                          resources.executor, inner, {ranks.rank(), ranks.size()});
  });
  const std::vector<std::string> messages = gather_texts(ranks, to_bytes(result.validation.folds));
  for (std::size_t q = 1; q < messages.size() && is_first; ++q)
    for (const FoldResult& fold : folds_message(messages[q])) inner.on_fold(fold);
  if (!is_first) return result;
  result.validation.folds = ended;
  result.validation.interrupted = ended.size() < options.crossval.folds * options.crossval.repeats;
  write(folder->summary(), crossval_json(result, options, resources.executor.threads()));
  return result;
}

using Json = nlohmann::ordered_json;

bool is_scored(const FoldResult& fold) { return fold.summary.status != TrainStatus::kDiverged; }

constexpr FoldScore kFoldScores[] = {
    {"accuracy", "accuracy", true, [](const FoldResult& f) { return f.evaluation.score.goodness; }},
    {"r2", "R²", true, [](const FoldResult& f) { return f.evaluation.score.goodness; }},
    {"cost", "cost", false, [](const FoldResult& f) { return f.evaluation.score.cost; }},
    {"rmse", "RMSE", false, [](const FoldResult& f) { return f.evaluation.rmse; }},
    {"mae", "MAE", false, [](const FoldResult& f) { return f.evaluation.mae; }},
    {"zero_rule", "zero rule", true, [](const FoldResult& f) { return f.zero_rule.goodness; }},
    {"zero_rule_rmse", "its RMSE", false, [](const FoldResult& f) { return f.zero_rule.rmse; }}};

bool has_column(Task task, std::string_view column) {
  return column != (task == Task::kRegression ? "accuracy" : "r2");
}

bool has_score(Task task, std::string_view column) {
  const bool is_of_regression = column.ends_with("rmse") || column == "mae";
  return has_column(task, column) && (task == Task::kRegression || !is_of_regression);
}

}  // namespace

CrossvalResult run_crossval(const ExperimentOptions& options, const CrossvalCallbacks& callbacks,
                            Ranks& ranks) {
  require_same_build(ranks);
  require_same_configuration(ranks, write_configuration(options));
  const ParallelOptions parallel = with_rank_threads(options.parallel, ranks);
  const KnownData data =
      identified(read_once_a_node(ranks, [&] { return load_rows(options.data); }));
  require_same_data(ranks, data.identity);
  std::unique_ptr<Executor> executor;
  together(ranks, [&] { executor = make_executor(parallel); });
  return run_crossval(options, {data, *executor, ranks}, callbacks);
}

CrossvalResult run_crossval(const ExperimentOptions& options, const RunResources& resources,
                            const CrossvalCallbacks& callbacks) {
  return options.train.precision == Precision::kFloat64
             ? run_crossval_as<double>(options, resources, callbacks)
             : run_crossval_as<float>(options, resources, callbacks);
}

std::span<const FoldScore> fold_scores() { return kFoldScores; }

std::vector<FoldFigure> fold_figures(Task task, const std::vector<FoldResult>& folds) {
  std::vector<FoldFigure> figures;
  for (const FoldScore& score : kFoldScores) {
    if (!has_score(task, score.column)) continue;
    figures.push_back({&score, {}});
    for (const FoldResult& fold : folds)
      if (is_scored(fold)) figures.back().values.push_back(score.of(fold));
  }
  return figures;
}

std::string crossval_csv(Task task, const std::vector<FoldResult>& folds) {
  std::string text = "repeat,fold,train_rows,test_rows";
  for (const FoldScore& score : kFoldScores)
    if (has_column(task, score.column)) text += std::string(",") + score.column;
  text += ",status,epochs,seconds\n";
  for (const FoldResult& fold : folds) {
    text += std::to_string(fold.repeat) + "," + std::to_string(fold.fold) + "," +
            std::to_string(fold.train_rows) + "," + std::to_string(fold.test_rows);
    for (const FoldScore& score : kFoldScores) {
      if (!has_column(task, score.column)) continue;
      // The zero rule has a score even if the training diverged.
      const bool is_known =
          is_scored(fold) || std::string_view(score.column).starts_with("zero_rule");
      text += is_known && has_score(task, score.column) ? "," + write_number(score.of(fold)) : ",";
    }
    text += "," + std::string(name_of(fold.summary.status)) + "," +
            std::to_string(fold.summary.epochs) + "," + write_number(fold.summary.train_seconds) +
            "\n";
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
  for (const auto& [score, values] : fold_figures(result.task, folds)) {
    const MeanDeviation figure = mean_and_deviation(values);
    json[score->column] = {{"mean", finite_or_null(figure.mean)},
                           {"deviation", finite_or_null(figure.deviation)}};
  }
  double seconds = 0;
  for (const FoldResult& fold : folds) seconds += fold.summary.train_seconds;
  json["train_seconds"] = seconds;
  json["threads"] = threads;
  if (!folds.empty()) json["parameters"] = folds.front().summary.parameters;
  put_program(json, options);
  json["data"] = to_json(result.data);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
