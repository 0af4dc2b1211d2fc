// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/csv.h"

namespace nabla {

/// The zero-based column that `column` names: a name of the header, an index or "last". Throws
/// ConfigError, which begins with the configuration key, where there is none or several.
std::size_t resolve_column(const std::string& key, const std::string& column,
                           const std::string& name, std::size_t columns,
                           const std::vector<std::string>& header);

/// The zero-based columns that `options.targets` names, in that order. `header` is empty where the
/// table has none. Throws ConfigError for an unknown or ambiguous one.
std::vector<std::size_t> resolve_targets(const CsvOptions& options, const std::string& name,
                                         std::size_t columns,
                                         const std::vector<std::string>& header);

/// The target cells of a table, row by row, as they stand in the text.
struct TargetCells {
  std::string name;                     ///< of the file
  std::vector<std::string> header;      ///< of all columns, or empty
  std::vector<std::size_t> columns;     ///< the target columns
  std::vector<std::string_view> cells;  ///< [rows × columns]
  std::vector<std::size_t> lines;       ///< [rows]

  /// The place of one of the cells, as errors begin.
  std::string place(std::size_t cell) const;
};

/// Decides on the task and sets the data set's task and labels with classes, or targets.
void set_targets(const TargetCells& targets, const CsvOptions& options, Dataset& dataset);

}  // namespace nabla
