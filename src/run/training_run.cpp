// SPDX-License-Identifier: MIT
#include "run/training_run.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"
#include "nabla/engine/executor.h"
#include "nabla/train/checkpoint.h"

#include "base/file.h"
#include "base/text.h"
#include "config/configuration.h"
#include "config/essential_keys.h"
#include "math/elementwise.h"
#include "run/initial_model.h"
#include "run/metrics_file.h"
#include "run/node_data.h"
#include "run/rank_options.h"
#include "run/resolved_experiment.h"
#include "run/same_on_ranks.h"
#include "run/summary_file.h"
#include "run/together.h"
#include "train/checkpoint_writer.h"

namespace nabla {

namespace {

/// Writes the model and returns its checksum.
template <class T>
std::string write_model(const Model<T>& model, const std::filesystem::path& path) {
  const std::string bytes = serialize_model(model);
  replace_file(path, bytes);
  return sha256(std::as_bytes(std::span(bytes)));
}

std::string text_of(const std::filesystem::path& file) {
  const std::vector<std::byte> bytes = read_file(file);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The data and the model that a checkpoint is of.
struct KeptTexts {
  std::string data;
  std::string model;
};

/// The files that a training leaves as it goes: lines of metrics.csv and checkpoints. A failed
/// write does not stop the training. The first rank has it, and tells the others when it wants a
/// checkpoint, see follow.
template <class T>
class Recorder {
 public:
  /// The trainer is about to run, at its start or where it goes on.
  Recorder(const ExperimentOptions& options, const KeptTexts& kept, const RunFolder& folder,
           const Trainer<T>& trainer, const RunCallbacks& callbacks, RunResult& result,
           Ranks& ranks)
      : ranks_(ranks),
        every_(options.output.checkpoint_every),
        callbacks_(callbacks),
        result_(result),
        metrics_(folder.metrics(), lines_to_keep(trainer.progress(), options.train)),
        writer_(folder.checkpoint(), folder.previous_checkpoint(), essential_keys(options),
                kept.data, kept.model, [this] { metrics_.sync(); }),
        written_epoch_(trainer.progress().epochs) {
    const TrainProgress& start = trainer.progress();
    const std::size_t lines = lines_to_keep(start, options.train);
    if (metrics_.kept() < lines)
      warn(folder.metrics().string() + ": the lines of " + std::to_string(metrics_.kept()) +
           " epochs, expected those of the " + std::to_string(lines) + " epochs trained");
    // The trainer reports an epoch that it evaluates as the last one.
    if (lines < start.epochs && start.epochs < *options.train.epochs) metrics_.append(start.last);
  }

  void after_epoch(const Trainer<T>& trainer, const EpochReport& report) {
    attempt([&] { metrics_.append(report); });
    if (decided_by_first(ranks_, every_ > 0 && report.epoch % every_ == 0))
      write_checkpoint(trainer);
    note_errors();
  }

  /// Writes the last checkpoint, unless the one before has the same state.
  void end(const Trainer<T>& trainer, TrainStatus status) {
    const TrainProgress& progress = trainer.progress();
    const bool is_due =
        status == TrainStatus::kInterrupted || (every_ > 0 && status != TrainStatus::kDiverged);
    if (decided_by_first(ranks_, is_due && (progress.row > 0 || progress.epochs != written_epoch_)))
      write_checkpoint(trainer);
    writer_.finish();
    note_errors();
    attempt([&] { metrics_.flush(); });
  }

  template <class Action>
  void attempt(Action action) {
    try {
      action();
    } catch (const std::system_error& error) {
      fail(error.what());
    }
  }

 private:
  /// Lines of metrics.csv that stay as they are: that of a last epoch may have an evaluation which
  /// the epoch, no longer the last, would not have had.
  static std::size_t lines_to_keep(const TrainProgress& start, const TrainOptions& options) {
    return start.epochs > 0 && !evaluates_after(options, start.epochs) ? start.epochs - 1
                                                                       : start.epochs;
  }

  void write_checkpoint(const Trainer<T>& trainer) {
    writer_.write(trainer);
    written_epoch_ = trainer.progress().epochs;
  }

  void note_errors() {
    for (const std::string& error : writer_.take_errors()) {
      fail(error);
      written_epoch_.reset();
    }
  }

  void fail(const std::string& error) {
    if (result_.write_error.empty()) result_.write_error = error;
    warn(error);
  }

  void warn(const std::string& warning) const {
    if (callbacks_.on_warning) callbacks_.on_warning(warning);
  }

  Ranks& ranks_;
  std::size_t every_;
  const RunCallbacks& callbacks_;
  RunResult& result_;
  MetricsFile metrics_;
  CheckpointWriter<T> writer_;
  /// Epochs completed in the newest checkpoint, unless that could not be written.
  std::optional<std::size_t> written_epoch_;
};

/// Returns a warning if each epoch leaves a row out (see require_norm_rows).
std::vector<std::string> left_out_warnings(const ExperimentOptions& options, std::size_t rows) {
  const TrainOptions& train = options.train;
  const std::size_t batch = train.batch_rows(rows);
  if (!options.network.batch_norm || train.last_batch == LastBatch::kDrop || rows % batch != 1)
    return {};
  return {
      "each epoch leaves one row out: a last mini-batch of one row has no variance for "
      "network.batch-norm; another train.batch-size takes all " +
      std::to_string(rows) + " rows"};
}

/// A training that is about to run.
template <class T>
struct Prepared {
  ExperimentOptions options;
  Model<T> model;
  std::unique_ptr<Trainer<T>> trainer;
};

/// Makes model and trainer of a new run, or those with which `stopped` goes on.
template <class T>
std::unique_ptr<Prepared<T>> prepare(const ExperimentOptions& given, const RunFolder* stopped,
                                     const RunResources& resources,
                                     const std::function<void(const std::string&)>& warn) {
  const DataSplit& data = resources.data.split;
  // A run that goes on has made its choices, and its data may turn out to be others.
  ExperimentOptions options = stopped != nullptr ? given : resolved(given, data.train);
  std::optional<TrainState<T>> state;
  if (stopped != nullptr) {
    std::vector<std::string> warnings;
    state = newest_state<T>(*stopped, options, &resources.data.identity, warnings);
    for (const std::string& warning : warnings) warn(warning);
  }
  // Epochs that are completed stay.
  if (state) options.train.epochs = std::max(*options.train.epochs, state->progress.epochs);
  auto prepared = std::make_unique<Prepared<T>>(
      Prepared<T>{options, make_model<T>(options, data.train), nullptr});
  prepared->trainer = std::make_unique<Trainer<T>>(
      prepared->model, data, options.train, options.parallel, resources.executor, resources.ranks);
  if (state) prepared->trainer->resume(*state);
  return prepared;
}

/// The part of a rank that is not the first one: it trains, and leaves no files.
template <class T>
RunResult follow(Trainer<T>& trainer, const RunCallbacks& callbacks, Ranks& ranks) {
  TrainState<T> state;
  const auto give_state = [&] {
    if (decided_by_first(ranks, false)) trainer.copy_state(state);
  };
  TrainCallbacks inner = callbacks.train;
  inner.on_epoch = [&](const EpochReport& report) {
    give_state();
    return callbacks.train.on_epoch ? callbacks.train.on_epoch(report) : Flow::kContinue;
  };
  RunResult result;
  result.summary = trainer.run(inner);
  give_state();
  return result;
}

/// Trains a new run, or goes on with `stopped`.
template <class T>
RunResult run_as(const ExperimentOptions& given, const RunFolder* stopped,
                 const RunResources& resources, const RunCallbacks& callbacks) {
  const DataSplit& data = resources.data.split;
  const DataIdentity& identity = resources.data.identity;
  Ranks& ranks = resources.ranks;
  const bool is_first = ranks.rank() == 0;
  const auto warn = [&](const std::string& warning) {
    if (is_first && callbacks.on_warning) callbacks.on_warning(warning);
  };
  std::unique_ptr<Prepared<T>> prepared;
  // The first rank comes first, because it may put a bad checkpoint aside.
  for (const bool turn_of_first : {true, false})
    together(ranks, [&] {
      if (is_first == turn_of_first) prepared = prepare<T>(given, stopped, resources, warn);
    });
  const ExperimentOptions& options = prepared->options;
  const Model<T>& model = prepared->model;
  Trainer<T>& trainer = *prepared->trainer;
  const std::string config = write_configuration(options);
  require_same_configuration(ranks, config);
  if (stopped == nullptr)
    for (const auto& warnings : {data_warnings(data), left_out_warnings(options, data.train.rows()),
                                 scales_warnings(given, data.train)})
      for (const std::string& warning : warnings) warn(warning);
  const TrainProgress start = trainer.progress();

  std::optional<RunFolder> folder;
  together(ranks, [&] {
    if (!is_first) return;
    folder = stopped != nullptr ? *stopped
                                : RunFolder::claim(options.output.dir, options.output.overwrite);
    if (stopped == nullptr || text_of(folder->config()) != config)
      replace_file(folder->config(), config);
  });
  if (!is_first) return follow(trainer, callbacks, ranks);
  RunResult result;
  result.start = {.widths = model.network.topology().widths(),
                  .task = model.task,
                  .train_rows = data.train.rows(),
                  .validation_rows = data.validation.rows(),
                  .test_rows = data.test.rows(),
                  .folder = folder->path(),
                  .choices = choices_text(given, options),
                  .epochs_before = start.epochs,
                  .epochs = *options.train.epochs,
                  .rows_before = start.rows_trained};
  Recorder<T> recorder(options, {to_json(identity).dump(), model_text(model)}, *folder, trainer,
                       callbacks, result, ranks);
  if (callbacks.on_start) callbacks.on_start(result.start);

  TrainCallbacks inner = callbacks.train;
  inner.on_epoch = [&](const EpochReport& report) {
    recorder.after_epoch(trainer, report);
    return callbacks.train.on_epoch ? callbacks.train.on_epoch(report) : Flow::kContinue;
  };
  result.summary = trainer.run(inner);
  if (callbacks.on_trained) callbacks.on_trained();
  recorder.end(trainer, result.summary.status);

  std::string checksum;
  if (result.summary.status != TrainStatus::kInterrupted)
    recorder.attempt([&] { checksum = write_model(model, folder->model()); });
  else if (result.write_error.empty())
    // The model of fewer epochs, after which the run had ended. The checkpoint has the newer one.
    recorder.attempt([&] { std::filesystem::remove(folder->model()); });
  recorder.attempt([&] {
    replace_file(folder->summary(), summary_json(result.summary, identity, options, checksum));
  });
  return result;
}

RunResult run_any(const ExperimentOptions& options, const RunFolder* stopped,
                  const RunResources& resources, const RunCallbacks& callbacks) {
  return options.train.precision == Precision::kFloat64
             ? run_as<double>(options, stopped, resources, callbacks)
             : run_as<float>(options, stopped, resources, callbacks);
}

RunResult run_alone(const ExperimentOptions& options, const RunFolder* stopped,
                    const RunCallbacks& callbacks, Ranks& ranks) {
  together(ranks, [&] { require_fit_for_ranks(options.parallel, ranks.size()); });
  require_same_build(ranks);
  const ParallelOptions parallel = with_rank_threads(options.parallel, ranks);
  const KnownData data =
      identified(read_once_a_node(ranks, [&] { return load_data(options.data); }));
  require_same_data(ranks, data.identity);
  std::unique_ptr<Executor> executor;
  together(ranks, [&] { executor = make_executor(parallel); });
  return run_any(options, stopped, {data, *executor, ranks}, callbacks);
}

/// Returns a warning if some classes have no rows to learn them from.
std::vector<std::string> missing_class_warnings(const Dataset& train, bool has_validation) {
  std::vector<bool> is_there(train.classes.size());
  for (const std::uint32_t label : train.labels) is_there[label] = true;
  const auto missing = std::ranges::find(is_there, false);
  if (missing == is_there.end()) return {};
  const std::string& name = train.classes[static_cast<std::size_t>(missing - is_there.begin())];
  const auto others = std::count(missing + 1, is_there.end(), false);
  return {"no training row is of class " + in_quotes(name) +
          (others > 0 ? ", nor of " + std::to_string(others) + " more" : "") +
          (has_validation ? ": are the rows sorted? data.validation-shuffle = yes draws the "
                            "validation rows from all of them"
                          : "")};
}

std::vector<std::string> target_warnings(const Dataset& train) {
  constexpr std::size_t kManyClasses = 10'000;
  const std::size_t classes = train.classes.size();
  if (classes == 1)
    return {"all rows are of one class, " + in_quotes(train.classes.front()) +
            ": there is nothing to learn, expected two or more"};
  if (classes > kManyClasses)
    return {std::to_string(classes) + " classes in " + std::to_string(train.rows()) +
            " rows: is data.target an identifier, or a value (data.task = regression)?"};
  // A line of names over columns of text passes for a row (see CsvHeader::kAuto).
  const bool is_table_without_names = train.columns.count > 0 && train.columns.names.empty();
  const std::uint32_t first = train.labels.front();
  if (is_table_without_names && classes > 2 && std::ranges::count(train.labels, first) == 1)
    return {"no row but the first is of class " + in_quotes(train.classes[first]) +
            ": if line 1 names the columns, expected data.header = yes"};
  return {};
}

}  // namespace

std::vector<std::string> data_warnings(const DataSplit& data) {
  std::vector<std::string> warnings;
  for (const Dataset* part : {&data.train, &data.validation, &data.test})
    warnings.insert(warnings.end(), part->warnings.begin(), part->warnings.end());
  if (data.train.task != Task::kClassification) return warnings;
  for (const std::vector<std::string>& more :
       {target_warnings(data.train),
        missing_class_warnings(data.train, data.validation.rows() > 0)})
    warnings.insert(warnings.end(), more.begin(), more.end());
  return warnings;
}

RunResult run_training(const ExperimentOptions& options, const RunCallbacks& callbacks,
                       Ranks& ranks) {
  return run_alone(options, nullptr, callbacks, ranks);
}

RunResult resume_training(const StoppedRun& run, const RunCallbacks& callbacks, Ranks& ranks) {
  return run_alone(run.options, &run.folder, callbacks, ranks);
}

RunResult run_training(const ExperimentOptions& options, const RunResources& resources,
                       const RunCallbacks& callbacks) {
  return run_any(options, nullptr, resources, callbacks);
}

RunResult resume_training(const StoppedRun& run, const RunResources& resources,
                          const RunCallbacks& callbacks) {
  return run_any(run.options, &run.folder, resources, callbacks);
}

}  // namespace nabla
