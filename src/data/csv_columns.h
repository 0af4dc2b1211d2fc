// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/table.h"

#include "data/csv_tokens.h"

namespace nabla {

/// The columns of a file, known before its values are read.
struct CsvLayout {
  std::string name;  ///< of the file
  std::size_t columns = 0;
  std::size_t first_line = 0;
  std::vector<std::string> header;  ///< empty if there is none

  /// Throws DataError if the row has another number of columns than the first.
  void check_width(const CsvTokens& tokens) const;
};

/// Looks at the first two rows; the next row of `tokens` is then the first of values. Throws
/// DataError if the file has no row.
CsvLayout find_layout(CsvTokens& tokens, CsvHeader choice);

/// The zero-based column that `column` names: a name of the header, an index or "last". Throws
/// ConfigError, which begins with the configuration key, if there is none or several.
std::size_t resolve_column(const std::string& key, const std::string& column,
                           const CsvLayout& layout);

/// The targets and the weights that the options name. Throws ConfigError if the file has no such
/// columns or if one is named twice, DataError if no feature is left. Unless `needs_weights`,
/// a header without the name of the weights means that there are none.
TableColumns resolve_columns(const CsvOptions& options, const CsvLayout& layout,
                             bool needs_weights);

/// The columns of the file that hold the features of a known table, in the order of that: by name
/// if both have a header of different names, else by position. `own` says what else the file
/// holds. Throws DataError if a feature is missing or a column is none of the known.
std::vector<std::size_t> match_features(const TableColumns& known, const TableColumns& own,
                                        const CsvLayout& layout);

/// The targets and weights of a known table that this file holds too, which prediction ignores.
/// `features`: how many the model has.
TableColumns find_ignored(const TableColumns& known, std::size_t features, const CsvLayout& layout);

}  // namespace nabla
