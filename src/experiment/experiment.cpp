// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <algorithm>
#include <span>

#include "nabla/base/error.h"
#include "nabla/base/file.h"
#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"

#include "experiment/configuration.h"
#include "experiment/initial_model.h"
#include "experiment/metrics_file.h"
#include "experiment/option_values.h"
#include "experiment/run_folder.h"
#include "experiment/summary_file.h"

namespace nabla {

namespace {

/// Writes the model and returns its checksum.
template <class T>
std::string write_model(const Model<T>& model, const std::filesystem::path& path) {
  const std::string bytes = serialize_model(model);
  replace_file(path, bytes);
  return sha256(std::as_bytes(std::span(bytes)));
}

template <class T>
RunResult run_training_as(const ExperimentOptions& options, const RunCallbacks& callbacks) {
  const std::string config = write_configuration(options);
  const DataSplit data = load_data(options.data);
  Model<T> model = make_model<T>(options, data.train);
  const auto executor = make_executor(options.parallel.threads);
  Trainer<T> trainer(model, data, options.train, options.parallel, *executor);

  const RunFolder folder = RunFolder::claim(options.output.dir, options.output.overwrite);
  replace_file(folder.config(), config);
  MetricsFile metrics(folder.metrics());
  RunResult result{{model.network.topology().widths(), model.task, data.train.rows(),
                    data.validation.rows(), data.test.rows(), folder.path()},
                   {}};
  if (callbacks.on_start) callbacks.on_start(result.start);

  TrainCallbacks inner = callbacks.train;
  inner.on_epoch = [&](const EpochReport& report) {
    metrics.append(report);
    return callbacks.train.on_epoch ? callbacks.train.on_epoch(report) : Flow::kContinue;
  };
  result.summary = trainer.run(inner);

  std::string checksum;
  if (result.summary.status != TrainStatus::kInterrupted)
    checksum = write_model(model, folder.model());
  replace_file(folder.summary(), summary_json(result.summary, options, checksum));
  return result;
}

template <class T>
ModelEvaluation evaluate_rows(const Model<T>& model, const Dataset& rows, std::string name,
                              std::size_t threads) {
  require_matching(model, rows, "the " + name + " rows");
  if (model.classes != rows.classes)
    throw DataError("the " + name + " rows have the classes " + join(rows.classes) +
                    ", expected the model's: " + join(model.classes));
  const auto executor = make_executor(threads);
  return {evaluate(model, rows, *executor), std::move(name), model.task, model.classes};
}

}  // namespace

RunResult run_training(const ExperimentOptions& options, const RunCallbacks& callbacks) {
  return options.precision == Precision::kFloat64 ? run_training_as<double>(options, callbacks)
                                                  : run_training_as<float>(options, callbacks);
}

DataSplit load_data_for(const AnyModel& model, const ExperimentOptions& options) {
  DataOptions data = options.data;
  std::visit(
      [&](const auto& typed) {
        // The model knows its classes and their order; rows must not make up their own.
        if (data.source != DataSource::kCsv) return;
        data.csv.classes = typed.classes;
        data.csv.task = typed.task == Task::kClassification ? TaskChoice::kClassification
                                                            : TaskChoice::kRegression;
      },
      model);
  return load_data(data);
}

ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options) {
  const DataSplit data = load_data_for(model, options);
  return std::visit(
      [&](const auto& typed) {
        const std::size_t threads = options.parallel.threads;
        if (data.test.rows() > 0) return evaluate_rows(typed, data.test, "test", threads);
        if (data.validation.rows() > 0)
          return evaluate_rows(typed, data.validation, "validation", threads);
        return evaluate_rows(typed, data.train, "training", threads);
      },
      model);
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
  return check_gradients(make_model<double>(options, split.train), split.train, options.train.l2,
                         options.train.seed);
}

}  // namespace nabla
