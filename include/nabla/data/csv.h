// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// Whether row 1 of a table names the columns.
enum class CsvHeader { kAuto, kYes, kNo };
/// What the targets are taken for; kAuto: what they look like.
enum class TaskChoice { kAuto, kClassification, kRegression };

/// How a table is read.
struct CsvOptions {
  /// Column names or zero-based indices of the targets; "last" is the last column. More than one
  /// is regression. Empty: the table has no target (prediction).
  std::vector<std::string> targets = {"last"};
  /// kAuto: a header only where no cell of row 1 is numeric and some cell of row 2 is.
  CsvHeader header = CsvHeader::kAuto;
  /// kAuto: integer or text targets are a classification.
  TaskChoice task = TaskChoice::kAuto;
  /// Class names known beforehand, in order (test files, prediction): a name beyond them is an
  /// error. Empty: taken from the file, numbers in numerical order before text in byte order.
  std::vector<std::string> classes;
  /// Column name or zero-based index of the rows' weights, which is no feature then; empty: none.
  std::string weights;
  /// Feature columns by name or zero-based index whose cells are categories (see OneHot).
  std::vector<std::string> one_hot;
  /// The columns of a table read before (training rows, a model): features are found by its names
  /// where both tables have a header, else by position. count 0: none.
  TableColumns known_columns;
  /// The categories of known_columns, in place of those of `one_hot`: another one is an error.
  std::optional<OneHot> known_one_hot;
};

/// Reads comma-, semicolon- or tab-separated values with RFC 4180 quotes, gzip-compressed or not;
/// the first line decides on the separator. The file is read in pieces, so memory is needed for the
/// table only. Features are numbers, kept as double, or categories. Throws DataError naming file,
/// line and column (both counted from 1), what is wrong and what was expected, and ConfigError for
/// a target that the table has no column for.
Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options);
/// The same from a text already in memory; `name` stands for the file in errors.
Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options);

}  // namespace nabla
