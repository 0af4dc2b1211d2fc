// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

#include "nabla/data/csv.h"

#include "data/csv_rows.h"
#include "data/csv_tokens.h"

namespace nabla {

/// The inputs of a model from a table as it arrives, a block of rows at a time, in bounded memory.
/// Features are found as CsvOptions::known_columns says; targets and weights that the model knows
/// may be among the columns and are ignored. For a model that came from no table the last column is
/// a target where there is one more than it has inputs. Throws as read_csv does. Not copyable, as
/// its parts refer to each other.
class CsvFeatures {
 public:
  /// Reads the first rows. `inputs`: after the categories of `one_hot` are expanded.
  CsvFeatures(CsvTokens tokens, CsvHeader header, const TableColumns& columns,
              const OneHot& one_hot, std::size_t inputs);
  CsvFeatures(const CsvFeatures&) = delete;
  CsvFeatures& operator=(const CsvFeatures&) = delete;

  /// The next rows, [rows × inputs], at least one: all that have arrived and fit into the buffer.
  /// Waits where none has. Unset at the end.
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
