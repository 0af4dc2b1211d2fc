// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/model/model.h"
#include "nabla/train/evaluation.h"

namespace nabla::report {

/// A row that was taken for another class.
struct Mistake {
  std::size_t row;  ///< in the evaluated rows, from 0
  std::uint32_t truth;
  std::uint32_t predicted;
  double confidence;  ///< the output of the predicted class
};

/// What a model makes of some rows.
struct Findings {
  std::string rows_name;  ///< "test", "validation" or "training"
  Dataset rows;
  Evaluation evaluation;
  /// Classification: the most confident first, at most kMistakes.
  std::vector<Mistake> mistakes;
  std::size_t mistake_count = 0;
  /// Regression: predictions, [rows × targets].
  Matrix<double> predictions;
};

inline constexpr std::size_t kMistakes = 24;

/// The model on the test rows, else the validation rows, else the training rows. Throws DataError
/// where they do not fit it.
Findings find(const AnyModel& model, DataSplit data, std::size_t threads);

}  // namespace nabla::report
