// SPDX-License-Identifier: MIT
#include <ios>
#include <iostream>
#include <optional>
#include <string_view>

#include "nabla/base/error.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "report/report.h"
#include "report/sparkline.h"
#include "run/columns.h"
#include "run/summary_file.h"
#include "run/together.h"
#include "run/training_run.h"

namespace nabla {

namespace {

std::string joined_widths(const std::vector<std::size_t>& widths) {
  std::string text;
  for (const std::size_t width : widths) text += (text.empty() ? "" : "-") + std::to_string(width);
  return text;
}

std::string scored(const EpochReport& report, Task task) {
  return "epoch " + std::to_string(report.epoch) + ", " + scores_text(scores_of(report), task);
}

/// "of epoch 7, the best"
std::string model_text(const TrainSummary& summary) {
  const std::string epoch = "of epoch " + std::to_string(summary.model_epoch);
  return summary.model_epoch == summary.epochs ? epoch + ", the last" : epoch + ", the best";
}

/// The text as one word of a shell's command line.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%";
  if (!text.empty() && text.front() != '-' && text.find_first_not_of(kPlain) == std::string::npos)
    return text;
  std::string word = text.starts_with('-') ? "'./" : "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// `costs`: of the training rows, epoch by epoch.
void print_result(const RunResult& result, const std::vector<double>& costs) {
  const TrainSummary& summary = result.summary;
  const Task task = result.start.task;
  std::vector<std::vector<std::string>> rows = {
      {"status", std::string(name_of(summary.status))},
      {"network", joined_widths(result.start.widths) + ", " +
                      with_thousands(static_cast<double>(summary.parameters)) + " parameters"}};
  if (summary.epochs > 0) {
    if (summary.status != TrainStatus::kInterrupted) rows.push_back({"model", model_text(summary)});
    if (summary.best.epoch > 0)
      rows.push_back({name_of_best(scores_of(summary.best)), scored(summary.best, task)});
    rows.push_back({"last", scored(summary.last, task)});
    rows.push_back({"speed", with_thousands(summary.samples_per_second) + " samples/s, " +
                                 duration_text(summary.train_seconds) + " of training"});
  }
  const std::string line = sparkline(costs);
  if (!line.empty())
    rows.push_back({"cost", line + " " + general(costs.front()) + " to " + general(costs.back()) +
                                ", training"});
  rows.push_back({"run folder", result.start.folder.string()});
  if (summary.status == TrainStatus::kInterrupted)
    rows.push_back({"resume", "nabla train --resume " + shell_word(result.start.folder.string())});
  std::cout << described(rows) << std::flush;
}

/// The training costs in the metrics.csv of a run that goes on.
std::vector<double> costs_before(const std::filesystem::path& folder) {
  std::vector<double> costs;
  try {
    const Columns metrics(folder / "metrics.csv");
    for (std::size_t row = 0; row < metrics.rows(); ++row)
      if (const auto cost = metrics.number(row, "train_cost")) costs.push_back(*cost);
  } catch (const DataError&) {
    // Then the line begins with the epochs of this call.
  }
  return costs;
}

void write_report_of(const std::filesystem::path& folder, std::size_t threads, bool quiet) {
  const ReportResult report = write_report({folder}, {}, threads);
  if (quiet) return;
  for (const std::string& note : report.notes) print_warning(note);
}

/// Trains, or goes on with `stopped`, and prints the result. Returns the exit code.
int train_and_print(const ExperimentOptions& options, const StoppedRun* stopped, bool quiet,
                    Ranks& ranks) {
  Progress progress(quiet || ranks.rank() > 0);
  const auto flow = [] { return interrupted_by() != 0 ? Flow::kStop : Flow::kContinue; };
  RunCallbacks callbacks;
  std::vector<double> costs;
  callbacks.on_start = [&](const RunStart& start) {
    if (!quiet && !start.choices.empty()) print_choices(start.choices);
    if (start.epochs_before > 0) costs = costs_before(start.folder);
    progress.start(start);
  };
  callbacks.train.on_batch = [&](const BatchReport& report) {
    progress.after_batch(report);
    return flow();
  };
  callbacks.train.on_epoch = [&](const EpochReport& report) {
    progress.after_epoch(report);
    costs.push_back(report.train.cost);
    return flow();
  };
  callbacks.on_warning = [&](const std::string& warning) {
    progress.clear();
    if (!quiet) print_warning(warning);
  };
  catch_interrupts();
  const RunResult result = stopped != nullptr ? resume_training(*stopped, callbacks, ranks)
                                              : run_training(options, callbacks, ranks);
  progress.clear();
  const TrainSummary& summary = result.summary;
  const bool is_interrupted = summary.status == TrainStatus::kInterrupted;
  if (ranks.rank() > 0) return is_interrupted ? 128 + stopped_by() : 0;
  try {
    print_result(result, costs);
  } catch (const std::ios_base::failure&) {
    // How the training ended says more than that its result could not be printed.
    if (summary.status == TrainStatus::kCompleted || summary.status == TrainStatus::kEarlyStopped)
      throw;
  }

  if (summary.status == TrainStatus::kDiverged) {
    if (options.output.report) write_report_of(result.start.folder, summary.threads, quiet);
    throw DivergedError("training diverged in " + divergence_text(summary.divergence));
  }
  if (!result.write_error.empty())
    throw Error(result.write_error + "; the run's folder lacks what could not be written");
  if (options.output.report) write_report_of(result.start.folder, summary.threads, quiet);
  return is_interrupted ? 128 + stopped_by() : 0;
}

int resume(const Arguments& arguments) {
  if (!arguments.words.empty())
    throw ConfigError("unexpected argument " + in_quotes(arguments.words.front()) +
                      ", expected no CONFIG with --resume");
  const std::filesystem::path folder = arguments.options.at("--resume");
  Ranks& ranks = *arguments.ranks;
  const bool quiet = arguments.has("-q") || ranks.rank() > 0;
  std::optional<StoppedRun> opened;
  together(ranks,
           [&] { opened = open_stopped_run(folder, arguments.settings, ranks.rank() == 0); });
  const StoppedRun& stopped = *opened;
  if (stopped.ending.empty()) {
    if (!quiet)
      for (const std::string& warning : stopped.warnings) print_warning(warning);
    return train_and_print(stopped.options, &stopped, quiet, ranks);
  }
  if (ranks.rank() > 0) return 0;
  std::cout << folder.string() << ": " << stopped.ending << ", nothing is left to do\n"
            << std::flush;
  if (stopped.options.output.report)
    write_report_of(folder, stopped.options.parallel.threads, quiet);
  return 0;
}

int run_train(const Arguments& arguments) {
  if (arguments.has("--resume")) return resume(arguments);
  std::optional<Configuration> configuration;
  together(*arguments.ranks, [&] { configuration = configured(arguments); });
  return train_and_print(configuration->options, nullptr, arguments.has("-q"), *arguments.ranks);
}

}  // namespace

Command train_command() {
  return {
      "train",
      "train a network",
      "Trains the network that CONFIG describes and leaves the model, its metrics and the\n"
      "configuration that repeats the run in a new folder. DATA is a data file, such as\n"
      "flowers.csv, whose format its content or ending tells, else --data.source. Without\n"
      "either it trains on the built-in digits, as configs/digits.ini does.\n",
      {{"[CONFIG or DATA]"},
       {threads_option(),
        epochs_option(),
        folder_option(),
        target_option(),
        {"--resume", "RUN_DIR",
         "go on with a run that was stopped, to the bytes of one that was not; -e may name other "
         "epochs, more of them also for a run that was completed. Only -t, -e, -q and "
         "output.report may be given with "
         "it"},
        quiet_option()}},
      run_train,
      "The first Ctrl-C stops after the current mini-batch, the second at once. The command that\n"
      "it prints last goes on with the run. Under an MPI launcher all ranks train together:\n"
      "  mpirun -n 4 nabla train CONFIG \\\n"
      "      --parallel.reduction=per-shard --parallel.shards=4\n",
      {{"nabla train flowers.csv --target kind --data.validation=0.2",
        "train on a table; a fifth of its rows chooses the epoch that is kept"},
       {"nabla train runs/flowers/config.ini -o runs/again", "train the same model again"},
       {"nabla train --resume runs/flowers -e 200", "go on with a run, to 200 epochs"}},
      {{"runs/NAME", "the run's folder, for NAME.ini or NAME.csv, which holds"},
       {"config.ini", "every key with its value; `nabla train config.ini` repeats the run"},
       {"metrics.csv", "costs, accuracies and seconds of each epoch"},
       {"summary.json", "how the run ended, with its best and its last figures"},
       {"model.safetensors", "the model, with all that a prediction needs"},
       {"checkpoint.safetensors",
        "what a resumed run goes on from; the one before it is kept as "
        "checkpoint.previous.safetensors"},
       {"report.html", "a page with curves and mistakes, if output.report = yes"}},
      /*on_ranks=*/true};
}

}  // namespace nabla
