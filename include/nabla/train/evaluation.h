// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nabla/base/matrix.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/parallel_options.h"
#include "nabla/model/model.h"

namespace nabla {

/// How good the outputs are on some rows.
struct Score {
  /// Mean cost per row, without penalties; of standardised targets if the model has them.
  double cost = 0;
  /// Accuracy of a classification: the fraction of rows whose largest output is the label. R² of a
  /// regression, the coefficient of determination, over all targets together; if the targets do not
  /// vary, or there is one row only, 1 if the outputs are exact and else 0. Subset accuracy of
  /// multi-label: the fraction of rows all of whose labels are right, an output above 0.5 saying
  /// that the row has the label.
  double goodness = 0;
};

/// A score and the errors of a regression; `score` in nabla/train/scores.h has more.
struct Evaluation {
  Score score;
  std::size_t rows = 0;
  /// Regression: root mean squared and mean absolute error over all targets, in their own unit.
  /// Else 0.
  double rmse = 0;
  double mae = 0;
};

/// The outputs of a model for some rows.
struct Prediction {
  /// [rows × outputs]: the activations of the output layer. If the model's targets are
  /// standardised they are mapped back into the unit of the targets, in double, since a float may
  /// not tell such values apart.
  Matrix<double> outputs;
  /// Classification: the class of each row, which is the index of its largest output, the first of
  /// equals. Empty for a regression.
  std::vector<std::uint32_t> classes;
};

/// Evaluates the model on the rows, on parallel.threads threads; the result is the same for any
/// number of them. Throws DataError if there are no rows or if the outputs or the cost of a row are
/// NaN or infinite, if a feature is missing (NaN) that the model does not fill in, if a number is
/// beyond the range of the model's precision after the preprocessing, and as require_matching does.
Evaluation evaluate(const AnyModel& model, const Dataset& data,
                    const ParallelOptions& parallel = {});
/// The same on threads that are there already.
template <class T>
Evaluation evaluate(const Model<T>& model, const Dataset& data, Executor& executor);

/// Predicts the rows, which need no targets, on parallel.threads threads. Throws DataError if they
/// do not have the model's features, if one of these is missing (NaN) and the model does not fill
/// it in or is beyond the range of the model's precision after the preprocessing, or if an output
/// is NaN or infinite.
Prediction predict(const AnyModel& model, const Dataset& data,
                   const ParallelOptions& parallel = {});
/// The same for features alone, [rows × features]: see copy_features and borrow_features.
Prediction predict(const AnyModel& model, const Dataset::Features& features,
                   const ParallelOptions& parallel = {});
/// The same on threads that are there already.
template <class T>
Prediction predict(const Model<T>& model, const Dataset& data, Executor& executor);

/// Throws DataError if the model cannot be trained or evaluated on the data: another number of
/// features or outputs, another task or other classes, or rows without targets or weights; and
/// ConfigError if the cost is a regression's cross-entropy and a target is standardised or not from
/// 0 to 1. `data_name` stands for the data in the message.
template <class T>
void require_matching(const Model<T>& model, const Dataset& data, const std::string& data_name);

}  // namespace nabla
