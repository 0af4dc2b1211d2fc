// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "nabla/data/data_options.h"

#include "data/csv_table.h"
#include "data/csv_tokens.h"
#include "data/source.h"

namespace nabla {

/// Reads comma-, semicolon- or tab-separated values with RFC 4180 quotes, gzip-compressed or not;
/// the first line decides on the separator. The file is read in pieces, so memory is needed for the
/// table only. Features are numbers, kept as double, or categories. Throws DataError naming file,
/// line and column (both counted from 1), what is wrong and what was expected, and ConfigError for
/// a target that the table has no column for.
Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options);
/// The same from a text already in memory; `name` stands for the file in errors.
Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options);

/// The CSV files of `options`; several files of a list are one table after the other. Classes are
/// those of all training files; the test files are read with them.
SourceRows read_csv_source(const DataOptions& options);

/// The inputs of a model from a table as it arrives, a block of rows at a time, in bounded memory.
/// Features are found as CsvOptions::known_columns says; targets and weights that the model knows
/// may be among the columns and are ignored. For a model that came from no table the last column is
/// a target if there is one more than it has inputs. Throws as read_csv does. Not copyable, as
/// its parts refer to each other.
class CsvFeatures {
 public:
  /// Reads the first rows. `inputs`: after the categories of `one_hot` are expanded.
  CsvFeatures(CsvTokens tokens, CsvHeader header, const TableColumns& columns,
              const OneHot& one_hot, std::size_t inputs);
  CsvFeatures(const CsvFeatures&) = delete;
  CsvFeatures& operator=(const CsvFeatures&) = delete;

  /// The next rows, [rows × inputs], at least one: all that have arrived and fit into the buffer.
  /// Waits if none has. Unset at the end.
  std::optional<FeatureMatrix<double>> next();

 private:
  FeatureMatrix<double> expand(FeatureMatrix<double> raw, const std::vector<std::size_t>& lines);

  CsvTokens tokens_;
  CsvLayout layout_;
  OneHot one_hot_;
  std::vector<std::size_t> columns_;
  RawCategories categories_;
  std::optional<FeatureCells> cells_;
  bool is_empty_ = true;
};

}  // namespace nabla
