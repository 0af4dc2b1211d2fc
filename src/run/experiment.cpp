// SPDX-License-Identifier: MIT
#include "run/experiment.h"

#include <algorithm>

#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/train/model_data.h"

#include "run/initial_model.h"

namespace nabla {

namespace {

template <class T>
ModelEvaluation evaluate_rows(const Model<T>& model, const Dataset& rows, std::string name,
                              std::size_t threads) {
  require_matching(model, rows, "the " + name + " rows");
  const auto executor = make_executor(threads);
  return {evaluate(model, rows, *executor), std::move(name), model.task, model.classes};
}

}  // namespace

ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options) {
  const DataSplit data = load_data_for(model, options.data);
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
  return check_gradients(make_model<double>(options, split.train), split.train, options.train);
}

}  // namespace nabla
