// SPDX-License-Identifier: MIT
#include "report/findings.h"

#include <algorithm>

#include "nabla/engine/executor.h"

namespace nabla::report {

namespace {

template <class T>
void find_mistakes(const Prediction<T>& prediction, Findings& findings) {
  const auto& [outputs, predicted] = prediction;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const std::uint32_t truth = findings.rows.labels[i];
    if (predicted[i] != truth)
      findings.mistakes.push_back(
          {i, truth, predicted[i], static_cast<double>(outputs(i, predicted[i]))});
  }
  findings.mistake_count = findings.mistakes.size();
  std::ranges::stable_sort(findings.mistakes, std::ranges::greater{}, &Mistake::confidence);
  findings.mistakes.resize(std::min(kMistakes, findings.mistakes.size()));
}

template <class T>
void find_typed(const Model<T>& model, std::size_t threads, Findings& findings) {
  const Dataset& rows = findings.rows;
  require_matching(model, rows, "the " + findings.rows_name + " rows");
  const auto executor = make_executor(threads);
  findings.evaluation = evaluate(model, rows, *executor);
  const Prediction<T> prediction = predict(model, rows, *executor);
  if (model.task == Task::kClassification) {
    find_mistakes(prediction, findings);
    return;
  }
  const Matrix<T>& outputs = prediction.outputs;
  findings.predictions = Matrix<double>(outputs.rows(), outputs.cols());
  for (std::size_t i = 0; i < outputs.rows(); ++i)
    for (std::size_t j = 0; j < outputs.cols(); ++j)
      findings.predictions(i, j) = static_cast<double>(outputs(i, j));
}

}  // namespace

Findings find(const AnyModel& model, DataSplit data, std::size_t threads) {
  Findings findings;
  const bool has_test = data.test.rows() > 0, has_validation = data.validation.rows() > 0;
  findings.rows_name = has_test ? "test" : has_validation ? "validation" : "training";
  findings.rows = std::move(has_test ? data.test : has_validation ? data.validation : data.train);
  std::visit([&](const auto& typed) { find_typed(typed, threads, findings); }, model);
  return findings;
}

}  // namespace nabla::report
