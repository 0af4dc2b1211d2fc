// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "nabla/data/data_options.h"
#include "nabla/model/model.h"

namespace nabla {

/// Rows to predict.
struct PredictionInput {
  /// A file, or "-" for CSV from standard input.
  std::string name;
  /// The format; if unset it is told by content and ending.
  std::optional<DataSource> source;
  CsvFormat format;  ///< of a table
  UnknownCategory unknown_category = UnknownCategory::kError;
  /// Takes a warning about the rows, one line; may be empty.
  std::function<void(const std::string&)> on_warning;
};

/// Takes a part of the text, whole lines.
using WriteText = std::function<void(std::string_view)>;

/// Writes one line per row: the class of the largest output, or the values of a regression. With
/// `probabilities` a CSV header of the classes and a column for each. CSV is read, predicted and
/// written block by block as it arrives, in bounded memory; its columns are found as CsvFeatures
/// says. Rows of other formats are read as a whole, and predicted and written piece by piece.
/// Throws ConfigError if the format cannot be told or probabilities are asked of a regression,
/// DataError for rows that do not fit; the lines of earlier blocks are then written.
void predict_rows(const AnyModel& model, const PredictionInput& input, bool probabilities,
                  std::size_t threads, const WriteText& write);

}  // namespace nabla
