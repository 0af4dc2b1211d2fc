// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "nabla/base/matrix.h"
#include "nabla/data/dataset.h"
#include "nabla/engine/executor.h"
#include "nabla/engine/ranks.h"
#include "nabla/model/model.h"
#include "nabla/train/divergence.h"
#include "nabla/train/evaluation.h"
#include "nabla/train/scores.h"
#include "nabla/train/train_state.h"

namespace nabla {

// Evaluation and prediction that tell of numbers which are not finite instead of throwing.

/// An evaluation, and the first of its rows, from 0, that has an output, a cost or an error which
/// is NaN or infinite. If there is one, the evaluation has no meaning.
struct CheckedEvaluation {
  Evaluation evaluation;
  std::optional<std::size_t> not_finite;
};

/// A prediction, and the first of its rows, from 0, that has an output which is NaN or infinite.
struct CheckedPrediction {
  Prediction prediction;
  std::optional<std::size_t> not_finite;
};

/// The names in errors of rows that have no other.
inline constexpr const char* kRowsToEvaluate = "the rows to evaluate";
inline constexpr const char* kRowsToPredict = "the rows to predict";

/// Takes the outputs of some rows as the network gives them, so that standardised targets are not
/// mapped back: [rows × outputs], of the data's rows from `first` on. Called in the order of the
/// rows on the thread that evaluates; not finite ones are among them.
template <class T>
using OnOutputs = std::function<void(std::size_t first, MatrixView<const T> outputs)>;

/// Throws as require_matching and require_in_range do: whatever trains or evaluates a model refuses
/// the same rows. Does nothing if there are no rows.
template <class T>
void require_usable(const Model<T>& model, const Dataset& data, const std::string& data_name);

/// As evaluate of usable rows, but numbers that are not finite are no error. Each rank passes some
/// of the rows, and all get the result and the outputs. `on_outputs` may be empty.
template <class T>
CheckedEvaluation evaluate_checked(const Model<T>& model, const Dataset& data, Executor& executor,
                                   const OnOutputs<T>& on_outputs = {}, Ranks& ranks = lone_rank());

/// As score; `name` stands for the rows in errors. Ranks as above.
template <class T>
Scores score_named(const Model<T>& model, const Dataset& data, Executor& executor,
                   const std::string& name, Ranks& ranks = lone_rank());

template <class T>
class RowWaves;

/// Predicts the rows of data sets with one model, which must outlive it and stay as it is.
template <class T>
class CheckedPredictor {
 public:
  CheckedPredictor(const Model<T>& model, Executor& executor);
  ~CheckedPredictor();

  /// As nabla::predict, but numbers that are not finite are no error.
  CheckedPrediction predict(const Dataset& data);

 private:
  const Model<T>& model_;
  Executor& executor_;
  std::unique_ptr<RowWaves<T>> waves_;
};

/// Returns the divergence that the evaluation of the rows `name`, "validation" or "test", shows
/// after that epoch: the outputs of the row `not_finite` of them are not finite.
Divergence divergence_of(std::size_t not_finite, const Dataset& rows, const char* name,
                         const EpochReport& report);

/// Throws DataError if there is a row of the data whose numbers are not finite; `data_name` stands
/// for rows that come from no file.
void require_finite_rows(std::optional<std::size_t> not_finite, const Dataset& data,
                         const std::string& data_name);

}  // namespace nabla
