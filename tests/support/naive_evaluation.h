// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include "support/naive_network.h"
#include "support/naive_preprocess.h"

namespace nabla::testing_support {

/// The figures of nabla::Evaluation with bounds on their rounding errors in double.
struct NaiveEvaluation {
  Scalar cost, goodness, rmse, mae;
};

/// Returns the activations of all layers for one row of the data, the preprocessed inputs first.
inline std::vector<Vector> naive_forward(const NaiveNetwork& twin, const Model<double>& model,
                                         const Dataset& data, std::size_t row) {
  return twin.forward(naive_inputs(model.preprocess, plain_features_of(data, row)));
}

/// Evaluates the model on all rows, one row and one scalar at a time.
inline NaiveEvaluation naive_evaluation(const Model<double>& model, const Dataset& data) {
  const NaiveNetwork twin(model);
  const bool classes = data.task == Task::kClassification;
  const auto rows = static_cast<double>(data.rows());
  const std::size_t outputs = data.outputs();
  const TargetScaling& scaling = model.preprocess.targets;
  NaiveEvaluation result;
  Scalar cost, right, squares, absolute, spread;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const Vector a = naive_forward(twin, model, data, i).back();
    Vector y = targets_of(data, i);
    if (classes) {
      const auto predicted =
          static_cast<std::size_t>(std::max_element(a.begin(), a.end()) - a.begin());
      right += predicted == data.labels[i] ? 1 : 0;
    } else {
      for (std::size_t j = 0; j < outputs; ++j) {
        const double shift = scaling.shift.empty() ? 0 : scaling.shift[j];
        const double divisor = scaling.divisor.empty() ? 1 : scaling.divisor[j];
        absolute += abs(a[j] * divisor + shift - y[j]);
        y[j] = (y[j] - shift) / divisor;
        const Scalar error = (a[j] - y[j]) * divisor;
        squares += error * error;
      }
    }
    cost += twin.cost(a, y);
  }
  result.cost = cost / rows;
  if (classes) {
    result.goodness = right / rows;
    return result;
  }
  for (std::size_t j = 0; j < outputs; ++j) {
    Scalar sum;
    for (std::size_t i = 0; i < data.rows(); ++i) sum += data.targets(i, j);
    const Scalar mean = sum / rows;
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const Scalar distance = data.targets(i, j) - mean;
      spread += distance * distance;
    }
  }
  const double values = rows * static_cast<double>(outputs);
  result.rmse = sqrt(squares / values);
  result.mae = absolute / values;
  result.goodness = 1 - squares / spread;
  return result;
}

}  // namespace nabla::testing_support
