// SPDX-License-Identifier: MIT
#include "sweep/sweep.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "report/numbers.h"
#include "report/report.h"
#include "run/together.h"

namespace nabla {

namespace {

/// Trials in the table on standard output; trials.csv has them all.
constexpr std::size_t kShown = 10;

std::string accuracy_cell(const std::optional<Score>& score, Task task) {
  return score ? report::accuracy_text(task, score->goodness) : "";
}

/// The best trials, the best first.
std::string best_table(const SweepResult& result, const std::vector<SweptKey>& keys) {
  std::vector<const TrialResult*> best = ranked_results(result.results);
  best.resize(std::min(best.size(), kShown));
  const Task task = result.start.task;
  const std::string accuracy = report::accuracy_name(task);
  std::vector<std::vector<std::string>> table = {{"trial"}};
  for (const SweptKey& key : keys) table[0].push_back(key.key);
  table[0].push_back("cross-validation " + accuracy);
  table[0].emplace_back("±");
  for (const ScoredRows* rows : kJudgedRows) table[0].push_back(rows->name + (" " + accuracy));
  table[0].insert(table[0].end(), {"model's epoch", "time"});
  for (const TrialResult* one : best) {
    table.push_back({std::to_string(one->trial)});
    auto& row = table.back();
    const auto& values = result.start.trials[one->trial - 1].values;
    for (const std::string& value : values) row.push_back(value.empty() ? "(empty)" : value);
    row.push_back(accuracy_cell(one->crossval, task));
    row.push_back(one->crossval ? report::accuracy_text(task, one->crossval_deviation) : "");
    for (const ScoredRows* rows : kJudgedRows)
      row.push_back(accuracy_cell(one->*rows->score, task));
    row.insert(row.end(), {one->model_epoch > 0 ? std::to_string(one->model_epoch) : "",
                           duration_text(one->seconds)});
  }
  // Empty columns are left out.
  for (std::size_t column = table[0].size(); column-- > 1;)
    if (std::ranges::all_of(table.begin() + 1, table.end(),
                            [&](const auto& row) { return row[column].empty(); }))
      for (auto& row : table) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
  return aligned(table);
}

std::string counted(const SweepResult& result) {
  std::string text;
  for (const char* status : kTrialStatuses) {
    const std::size_t count = count_status(result.results, status);
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + status;
  }
  const std::size_t missing = result.start.trials.size() - result.results.size();
  if (missing > 0) text += (text.empty() ? "" : ", ") + std::to_string(missing) + " missing";
  return text;
}

void print_result(const SweepResult& result, const std::vector<SweptKey>& keys) {
  std::vector<std::vector<std::string>> rows = {{"trials", counted(result)}};
  if (const TrialResult* best = best_result(result.results)) {
    std::cout << best_table(result, keys);
    const std::size_t finished = ranked_results(result.results).size();
    if (finished > kShown) std::cout << "… and " << finished - kShown << " more in trials.csv\n";
    std::cout << "\n";
    rows.push_back({"best", "trial " + std::to_string(best->trial) + ", " +
                                result_text(*best, result.start.task)});
  }
  if (std::filesystem::exists(result.start.folder / "best"))
    rows.push_back({"best run", (result.start.folder / "best").string()});
  rows.push_back({"sweep folder", result.start.folder.string()});
  if (result.interrupted)
    rows.push_back({"go on", "the same command again, or nabla sweep " +
                                 (result.start.folder / "config.ini").string()});
  std::cout << described(rows) << std::flush;
}

/// A key that the command line gives and the sweep replaces.
void warn_of_hidden_keys(const Arguments& arguments, const std::vector<SweptKey>& keys) {
  for (const Setting& setting : arguments.settings)
    if (std::ranges::find(keys, setting.key, &SweptKey::key) != keys.end())
      print_warning(setting.place() + ": has no effect, because sweep." + setting.key +
                    " is swept");
}

/// Throws if no trial has a model worth having.
void require_a_finished_trial(const SweepResult& result) {
  const TrialResult* failed = nullptr;
  for (const auto& [number, one] : result.results) {
    if (one.is_finished()) return;
    if (failed == nullptr && one.status == "failed") failed = &one;
  }
  if (failed == nullptr)
    throw DivergedError("all " + std::to_string(result.results.size()) +
                        " trials diverged: NaN or infinity; try lower learning rates");
  throw DataError("no trial completed; trial " + std::to_string(failed->trial) + ": " +
                  failed->error);
}

int run_sweep(const Arguments& arguments) {
  Ranks& ranks = *arguments.ranks;
  std::optional<Configuration> configuration;
  together(ranks, [&] { configuration = configured_sweep(arguments); });
  const ExperimentOptions& options = configuration->options;
  const bool quiet = arguments.has("-q");
  if (!quiet) warn_of_hidden_keys(arguments, options.sweep.keys);
  SweepTable table(quiet, options.sweep.keys);
  SweepCallbacks callbacks;
  callbacks.on_start = [&](const SweepStart& start) { table.start(start); };
  callbacks.on_trial = [&](const TrialResult& result, const SweepProgress& progress) {
    table.after_trial(result, progress);
  };
  callbacks.on_warning = [&](const std::string& warning) {
    table.clear();
    if (!quiet) print_warning(warning);
  };
  callbacks.on_tick = [&](const SweepProgress& progress) { table.draw(progress); };
  callbacks.stop = [] { return interrupted_by() != 0; };
  catch_interrupts();
  const SweepResult result = run_sweep(*configuration, callbacks, ranks);
  if (ranks.rank() > 0) return result.interrupted ? 128 + stopped_by() : 0;
  table.clear();
  print_result(result, options.sweep.keys);
  if (options.output.report && !result.results.empty()) {
    const ReportResult report = write_report({result.start.folder}, {}, options.parallel.threads);
    if (!quiet)
      for (const std::string& note : report.notes) print_warning(note);
  }
  if (!result.write_error.empty())
    throw Error(result.write_error + "; the sweep's folder lacks what could not be written");
  if (result.interrupted) return 128 + stopped_by();
  require_a_finished_trial(result);
  return 0;
}

}  // namespace

Command sweep_command() {
  return {
      "sweep",
      "train many settings of a configuration, side by side",
      "Trains a network for each trial of the section [sweep] of CONFIG:\n"
      "\n"
      "  [sweep]\n"
      "  method = grid                        # or random, halving\n"
      "  network.hidden = 30; 100; 30,30      # alternatives\n"
      "  train.learning-rate = loguniform(0.01, 10)   # random and halving only\n"
      "\n"
      "Small networks train one per thread, large ones with all threads; each gives the same\n"
      "model as alone. The folder gets trials.csv, summary.json with the best trial and a run\n"
      "folder per trial. Started again with the same configuration it runs the missing trials,\n"
      "and trains on those that were interrupted. All trials are checked before the first one\n"
      "runs. Trials are ranked by the accuracy (R²) of the models that they leave on the\n"
      "validation rows, else the test rows, else the training rows; of equals by the lower\n"
      "cost. They share the threads. best/ is the winner's run, a link to its folder.\n"
      "\n"
      "With score = crossval each trial is cross-validated (the keys of [crossval]) and ranked\n"
      "by the mean; best/ is then a run of the winner on all training rows.\n"
      "\n"
      "Under an MPI launcher (mpirun -n 4 nabla sweep CONFIG) the ranks share the trials; all\n"
      "must see the sweep's folder.\n",
      {{"CONFIG"}, {threads_option(), epochs_option(), folder_option(), quiet_option()}},
      run_sweep,
      "A trial that diverges or fails is a line of trials.csv; the exit code is 4 if all\n"
      "diverged, 3 if none completed and some failed. The first Ctrl-C stops after the\n"
      "current mini-batches, the second at once.\n",
      {{"nabla sweep flowers.ini",
        "run the trials of its section [sweep], or those still missing"}},
      {{"trials.csv", "a line for each trial, in the folder that output.dir names"},
       {"summary.json", "the best trial"},
       {"best", "the folder of the winner's run"}},
      /*on_ranks=*/true};
}

}  // namespace nabla
