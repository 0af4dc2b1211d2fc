// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/csv.h"

#include "data/class_name.h"
#include "data/csv_cell.h"
#include "data/distinct_texts.h"

namespace nabla {

/// Takes the target cells of a table row by row and makes labels with classes, or targets, of them.
/// Whole numbers and texts are classes until a fraction shows that they are values. Throws
/// DataError for a cell that cannot be what the others are.
class CsvTargets {
 public:
  /// `columns`: targets per row.
  CsvTargets(const CsvOptions& options, std::size_t columns);

  /// The next cell; those of a row follow each other.
  void add(std::string_view cell, const CellPlace& place);
  /// Sets the data set's task and labels with classes, or targets.
  void finish(Dataset& dataset);

 private:
  void add_value(std::string_view cell, const CellPlace& place);
  void add_text(std::string_view cell, const CellPlace& place);
  void become_values(std::string_view fraction, const CellPlace& place);
  void set_labels(Dataset& dataset);

  std::size_t columns_;
  std::vector<std::string> known_classes_;
  std::map<ClassName, std::uint32_t> label_of_;
  bool are_values_;
  bool is_decided_;  ///< texts stay classes
  DistinctTexts texts_;
  std::vector<std::uint32_t> text_of_row_;
  std::vector<double> values_;
  // Why texts and values do not go together, for errors.
  std::optional<std::string> first_text_;
  std::string first_text_place_;
  std::string first_fraction_;
};

}  // namespace nabla
