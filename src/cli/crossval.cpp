// SPDX-License-Identifier: MIT
#include "run/crossval.h"

#include <cmath>
#include <iostream>
#include <optional>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "report/numbers.h"
#include "run/summary_file.h"
#include "run/together.h"

namespace nabla {

namespace {

std::string figure_text(Task task, const FoldScore& score, double value) {
  if (std::isnan(value)) return "n/a";
  return score.is_accuracy ? report::accuracy_text(task, value) : general(value);
}

void print_result(const CrossvalResult& result) {
  const std::vector<FoldResult>& folds = result.validation.folds;
  std::vector<std::vector<std::string>> rows;
  if (result.validation.interrupted)
    rows.push_back({"status", "interrupted, folds that ended: " + std::to_string(folds.size())});
  rows.push_back({"run folder", result.folder.string()});
  if (folds.empty()) {
    std::cout << described(rows) << std::flush;
    return;
  }
  std::vector<std::vector<std::string>> table = {{"repeat", "fold", "train rows", "test rows"}};
  for (const FoldFigure& figure : fold_figures(result.task, folds))
    table[0].emplace_back(figure.score->name);
  for (const FoldResult& fold : folds) {
    table.push_back({std::to_string(fold.repeat), std::to_string(fold.fold),
                     std::to_string(fold.train_rows), std::to_string(fold.test_rows)});
    if (fold.summary.status == TrainStatus::kDiverged) table.back().emplace_back("diverged");
    for (const auto& [score, values] : fold_figures(result.task, {fold}))
      if (!values.empty()) table.back().push_back(figure_text(result.task, *score, values[0]));
  }
  std::vector<std::string> means = {"mean", "", "", ""};
  std::vector<std::string> deviations = {"standard deviation", "", "", ""};
  for (const auto& [score, values] : fold_figures(result.task, folds)) {
    const MeanDeviation figure = mean_and_deviation(values);
    means.push_back(figure_text(result.task, *score, figure.mean));
    deviations.push_back(figure_text(result.task, *score, figure.deviation));
  }
  table.push_back(std::move(means));
  table.push_back(std::move(deviations));
  std::cout << aligned(table) << described(rows) << std::flush;
}

Json fold_json(Task task, const FoldResult& fold) {
  Json json = {{"repeat", fold.repeat},
               {"fold", fold.fold},
               {"train_rows", fold.train_rows},
               {"test_rows", fold.test_rows},
               {"status", name_of(fold.summary.status)}};
  for (const auto& [score, values] : fold_figures(task, {fold}))
    json[score->column] = values.empty() ? Json() : Json(values[0]);
  return json;
}

void print_as_json(const CrossvalResult& result) {
  const std::vector<FoldResult>& folds = result.validation.folds;
  Json json = json_document();
  json["folder"] = result.folder.string();
  json["interrupted"] = result.validation.interrupted;
  json["task"] = name_of(result.task);
  json["folds"] = Json::array();
  for (const FoldResult& fold : folds) json["folds"].push_back(fold_json(result.task, fold));
  json["mean"] = Json::object();
  json["deviation"] = Json::object();
  for (const auto& [score, values] : fold_figures(result.task, folds)) {
    const MeanDeviation figure = mean_and_deviation(values);
    json["mean"][score->column] = figure.mean;
    json["deviation"][score->column] = figure.deviation;
  }
  print_json(json);
}

void require_none_diverged(const std::vector<FoldResult>& folds) {
  for (const FoldResult& fold : folds)
    if (fold.summary.status == TrainStatus::kDiverged)
      throw DivergedError("training diverged in repeat " + std::to_string(fold.repeat) + ", fold " +
                          std::to_string(fold.fold) + ", " +
                          divergence_text(fold.summary.divergence));
}

int run_crossval(const Arguments& arguments) {
  Ranks& ranks = *arguments.ranks;
  std::optional<Configuration> configuration;
  together(ranks, [&] { configuration = configured(arguments); });
  CrossvalCallbacks callbacks;
  callbacks.stop = [] { return interrupted_by() != 0; };
  std::size_t trainings = 0;
  std::size_t ended = 0;
  Task task = Task::kClassification;
  if (!arguments.has("-q")) {
    callbacks.on_warning = print_warning;
    callbacks.on_choices = print_choices;
    callbacks.on_start = [&](const CrossValidationStart& start) {
      trainings = start.trainings;
      task = start.task;
      std::cerr << "nabla: " << start.rows << " rows, " << start.trainings << " trainings, "
                << start.at_once << " at a time\n"
                << std::flush;
    };
    callbacks.on_fold = [&](const FoldResult& fold) {
      std::cerr << ++ended << "/" << trainings << ": repeat " << fold.repeat << ", fold "
                << fold.fold << ": "
                << (fold.summary.status == TrainStatus::kDiverged
                        ? std::string("diverged")
                        : accuracy_text(task, fold.evaluation.score.goodness))
                << "\n"
                << std::flush;
    };
  }
  catch_interrupts();
  const CrossvalResult result = run_crossval(configuration->options, callbacks, ranks);
  if (ranks.rank() > 0) return result.validation.interrupted ? 128 + stopped_by() : 0;
  if (arguments.has("--json"))
    print_as_json(result);
  else
    print_result(result);
  require_none_diverged(result.validation.folds);
  if (!result.write_error.empty())
    throw Error(result.write_error + "; the folder lacks what could not be written");
  return result.validation.interrupted ? 128 + stopped_by() : 0;
}

}  // namespace

Command crossval_command() {
  return {
      "crossval",
      "score an experiment by k-fold cross-validation",
      "Cuts the training rows of CONFIG into crossval.folds parts, trains on all of them but\n"
      "one and scores that one, each in turn, and all of it crossval.repeats times. Prints the\n"
      "scores, their mean and their standard deviation (of a sample), beside the zero rule:\n"
      "always the most frequent class of all these rows, for a regression their mean.\n"
      "The same is left in crossval.csv of a new folder, the means in summary.json.\n"
      "\n"
      "Preprocessing is fitted on the training folds only. Training i, from 0, has the seed\n"
      "train.seed + i. Validation rows (data.validation) are taken off first and watch every\n"
      "training; test rows are left aside. Small networks train side by side, one thread\n"
      "each; the figures are the same for every number of threads. Under an MPI launcher the\n"
      "ranks share the trainings: mpirun -n 4 nabla crossval CONFIG\n",
      {{"CONFIG or DATA"},
       {threads_option(), epochs_option(), folder_option(), target_option(), json_option(),
        quiet_option()}},
      run_crossval,
      "The first Ctrl-C stops after the current mini-batches and keeps the folds that ended.\n",
      {{"nabla crossval flowers.csv --crossval.repeats=3",
        "score the default network for that table, 15 times"}},
      {{"crossval.csv", "the scores of each fold, in the folder that output.dir names"},
       {"summary.json", "their means and standard deviations"}},
      /*on_ranks=*/true};
}

}  // namespace nabla
