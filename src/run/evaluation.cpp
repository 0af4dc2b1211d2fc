// SPDX-License-Identifier: MIT
#include "run/evaluation.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "nabla/data/data_options.h"
#include "nabla/data/preprocess.h"
#include "nabla/engine/executor.h"
#include "nabla/train/model_data.h"

#include "run/initial_model.h"
#include "train/checked_rows.h"

namespace nabla {

namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

EvaluatedRows rows_to_evaluate(DataSplit data) {
  if (data.test.rows() > 0) return {std::move(data.test), "test"};
  if (data.validation.rows() > 0) return {std::move(data.validation), "validation"};
  return {std::move(data.train), "training"};
}

ModelEvaluation evaluate_model(const AnyModel& model, const ExperimentOptions& options) {
  const EvaluatedRows rows = rows_to_evaluate(load_data_for(model, options.data));
  return std::visit(
      [&](const auto& typed) -> ModelEvaluation {
        const std::string name = "the " + rows.name + " rows";
        require_matching(typed, rows.data, name);
        const auto executor = make_executor(options.parallel.threads);
        CheckedEvaluation checked = evaluate_checked(typed, rows.data, *executor);
        require_finite_rows(checked.not_finite, name);
        return {std::move(checked.evaluation), rows.name, typed.task, typed.classes};
      },
      model);
}

std::vector<ClassScores> class_scores(const Matrix<std::uint32_t>& confusion) {
  std::vector<ClassScores> scores;
  for (std::size_t i = 0; i < confusion.rows(); ++i) {
    const std::uint64_t hits = confusion(i, i);
    std::uint64_t truly = 0;
    std::uint64_t predicted = 0;
    for (std::size_t j = 0; j < confusion.rows(); ++j) {
      truly += confusion(i, j);
      predicted += confusion(j, i);
    }
    scores.push_back({.precision = share(hits, predicted),
                      .recall = share(hits, truly),
                      .f1 = share(2 * hits, truly + predicted),
                      .rows = truly});
  }
  return scores;
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
