// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/executor.h"
#include "nabla/model/model.h"

namespace nabla {

/// How good the outputs are on some rows.
struct Score {
  /// Mean cost per row, without penalties; of standardised targets where the model has them.
  double cost = 0;
  /// Classification: the fraction of rows whose largest output is the label. Regression: R², the
  /// coefficient of determination, over all targets together; where the targets do not vary, or
  /// there is one row only, 1 if the outputs are exact and else 0.
  double accuracy = 0;
};

/// A score and what it is made of.
struct Evaluation {
  Score score;
  std::size_t rows = 0;
  /// Classification: [classes × classes], confusion(true, predicted) in rows. Else empty.
  Matrix<std::uint32_t> confusion;
  /// Regression: root mean squared and mean absolute error over all targets, in their own unit.
  /// Else 0.
  double rmse = 0;
  double mae = 0;
};

/// Mini-batches of `data` through the model, in parallel; the same result for any executor. The
/// data must have the model's inputs and outputs (require_matching). Throws DataError where there
/// are no rows.
template <class T>
Evaluation evaluate(const Model<T>& model, const Dataset& data, Executor& executor);

/// What the misses of all rows (Workspace::miss) are divided by to give 1 − accuracy: the rows of a
/// classification, Σ(y − ȳ)² of a regression.
double accuracy_denominator(const Dataset& data);

/// Score::accuracy from the sum of the misses and their denominator; NaN where the sum is.
double accuracy_of(double miss, double denominator);

/// The outputs of the last layer, [rows × outputs], mapped back where the model's targets are
/// standardised. The data must have the model's inputs and need no targets.
template <class T>
Matrix<T> predict(const Model<T>& model, const Dataset& data, Executor& executor);

/// The class of each row of outputs: the index of the largest, the first of equals.
template <class T>
std::vector<std::uint32_t> predicted_classes(MatrixView<const T> outputs);

/// Throws DataError where the model cannot be trained or evaluated on the data: another number of
/// features or outputs, another task, or rows without targets or weights; and ConfigError where the
/// cost is a regression's cross-entropy and a target is standardised or not from 0 to 1.
/// `data_name` stands for the data in the message.
template <class T>
void require_matching(const Model<T>& model, const Dataset& data, const std::string& data_name);

}  // namespace nabla
