// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "nabla/data/csv.h"
#include "nabla/data/data_options.h"
#include "nabla/model/model.h"

namespace nabla {

/// Rows to predict.
struct PredictionInput {
  /// A file, or "-" for CSV from standard input.
  std::string name;
  /// The format; unset: by content and ending.
  std::optional<DataSource> source;
  CsvHeader header = CsvHeader::kAuto;
};

/// One line per row: the class of the largest output, or the values of a regression. With
/// `probabilities` a CSV header of the classes and a column for each. A CSV with one column more
/// than the model has inputs is taken to end with the target, which is ignored. Throws ConfigError
/// where the format cannot be told or probabilities are asked of a regression, DataError for rows
/// that do not fit.
std::string predict_text(const AnyModel& model, const PredictionInput& input, bool probabilities,
                         std::size_t threads);

}  // namespace nabla
