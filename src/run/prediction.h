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

/// The columns that are written.
struct PredictedColumns {
  /// A probability for each class in place of the class.
  bool probabilities = false;
  /// The predictions follow the columns of the input, a table.
  bool append = false;
};

/// Takes a part of the text, whole lines.
using WriteText = std::function<void(std::string_view)>;

/// Writes one line per row: the class of the largest output, the values of a regression, or 1 or 0
/// for each label. With `probabilities` a CSV header of the classes or labels and a column for
/// each. With `append` each line begins with the row as it stands in the input, whose separator and
/// decimal mark the predictions have; there is a header if the input has one. CSV is read,
/// predicted and written block by block as it arrives, in bounded memory; its columns are found as
/// CsvFeatures says. Rows of other formats are read as a whole, and predicted and written piece by
/// piece. Throws ConfigError if the format cannot be told or probabilities are asked of a
/// regression or rows of another format are to be appended to, DataError for rows that do not fit;
/// the lines of earlier blocks are then written.
void predict_rows(const AnyModel& model, const PredictionInput& input,
                  const PredictedColumns& columns, std::size_t threads, const WriteText& write);

}  // namespace nabla
