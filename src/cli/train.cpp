// SPDX-License-Identifier: MIT
#include <ios>
#include <iostream>

#include "nabla/base/error.h"

#include "cli/commands.h"
#include "cli/configured.h"
#include "cli/format.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "experiment/experiment.h"
#include "experiment/report/report.h"
#include "experiment/sparkline.h"

namespace nabla {

namespace {

std::string joined_widths(const std::vector<std::size_t>& widths) {
  std::string text;
  for (const std::size_t width : widths) text += (text.empty() ? "" : "-") + std::to_string(width);
  return text;
}

/// "epoch 3: cost 0.1234, accuracy 96.12%", of the rows that matter most.
std::string scored(const EpochReport& report, Task task) {
  const Score& score = report.validation ? *report.validation
                       : report.test     ? *report.test
                                         : report.train;
  const std::string rows = report.validation ? "validation" : report.test ? "test" : "training";
  std::string text = "epoch " + std::to_string(report.epoch) + ", " + rows + " " +
                     accuracy_text(task, score.accuracy) + ", cost " + general(score.cost);
  if (report.validation && report.test)
    text += ", test " + accuracy_text(task, report.test->accuracy);
  return text;
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
    rows.push_back({"best", scored(summary.best, task)});
    rows.push_back({"last", scored(summary.last, task)});
    rows.push_back({"speed", with_thousands(summary.samples_per_second) + " samples/s, " +
                                 fixed(summary.train_seconds, 2) + " s of training"});
  }
  const std::string line = sparkline(costs);
  if (!line.empty())
    rows.push_back({"cost", line + " " + general(costs.front()) + " to " + general(costs.back()) +
                                ", training"});
  rows.push_back({"run folder", result.start.folder.string()});
  std::cout << described(rows) << std::flush;
}

int run(const Arguments& arguments) {
  const Configuration configuration = configured(arguments);
  Progress progress(arguments.has("-q"));
  const auto flow = [] { return interrupted_by() != 0 ? Flow::kStop : Flow::kContinue; };
  RunCallbacks callbacks;
  std::vector<double> costs;
  callbacks.on_start = [&](const RunStart& start) { progress.start(start); };
  callbacks.train.on_batch = [&](const BatchReport& report) {
    progress.after_batch(report);
    return flow();
  };
  callbacks.train.on_epoch = [&](const EpochReport& report) {
    progress.after_epoch(report);
    costs.push_back(report.train.cost);
    return flow();
  };
  catch_interrupts();
  const RunResult result = run_training(configuration.options, callbacks);
  progress.clear();
  const TrainSummary& summary = result.summary;
  try {
    print_result(result, costs);
  } catch (const std::ios_base::failure&) {
    // How the training ended says more than that its result could not be printed.
    if (summary.status == TrainStatus::kCompleted || summary.status == TrainStatus::kEarlyStopped)
      throw;
  }

  if (configuration.options.output.report) {
    const ReportResult report = write_report({result.start.folder}, {}, summary.threads);
    if (!arguments.has("-q"))
      for (const std::string& note : report.notes) print_warning(note);
  }
  if (summary.status == TrainStatus::kDiverged)
    throw DivergedError("training diverged in epoch " + std::to_string(summary.diverged_epoch) +
                        ", mini-batch " + std::to_string(summary.diverged_batch) +
                        ": NaN or infinity; try a train.learning-rate below " +
                        general(summary.diverged_rate));
  return summary.status == TrainStatus::kInterrupted ? 128 + interrupted_by() : 0;
}

}  // namespace

Command train_command() {
  return {"train",
          "train a network",
          "usage: nabla train [CONFIG] [-t THREADS] [-e EPOCHS] [-o FOLDER] [-q]\n"
          "                   [--section.key=value ...]\n\n"
          "Trains the network that CONFIG describes and leaves the model, its metrics and the\n"
          "configuration that repeats the run in a new folder. Without CONFIG it trains on the\n"
          "built-in digits, as configs/digits.ini does.\n\n"
          "  -t THREADS           parallel.threads; 0: one per core\n"
          "  -e EPOCHS            train.epochs\n"
          "  -o FOLDER            output.dir\n"
          "  -q                   no progress, no warnings\n"
          "  --section.key=value  any key that `nabla options` lists; wins over CONFIG\n\n"
          "The first Ctrl-C stops after the current mini-batch, the second at once.\n",
          {{"[CONFIG]"},
           {{"-t", "parallel.threads"}, {"-e", "train.epochs"}, {"-o", "output.dir"}},
           {"-q"}},
          run};
}

}  // namespace nabla
