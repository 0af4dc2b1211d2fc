// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nabla {

/// The separator of a table's cells; kBlanks: any run of spaces and tabs.
enum class CsvSeparator { kAuto, kComma, kSemicolon, kTab, kBlanks };
/// The decimal mark of a table's numbers.
enum class CsvDecimal { kAuto, kPoint, kComma };
/// Whether row 1 of a table names the columns.
enum class CsvHeader { kAuto, kYes, kNo };

/// How a table is written; kAuto: as the table itself shows.
struct CsvFormat {
  /// kAuto: the one of comma, semicolon and tab by which the first 1,000 rows have equally many
  /// cells, more than one, most cells first; blanks if there is none or if a cell would hold
  /// several numbers with blanks between them. The first row decides if no separator fits.
  CsvSeparator separator = CsvSeparator::kAuto;
  /// kAuto: a comma if the separator is another and every cell of these rows with a comma is a
  /// number so, else a point.
  CsvDecimal decimal = CsvDecimal::kAuto;
  /// kAuto: a header only if no cell of row 1 is numeric and some cell of row 2 is, or if an option
  /// names a cell of row 1.
  CsvHeader header = CsvHeader::kAuto;

  bool operator==(const CsvFormat&) const = default;
};

/// The columns of the table that a data set came from; the features are those that are neither
/// targets nor weights nor ignored. Travels with the model, so that other tables of the same
/// columns are understood. A value.
struct TableColumns {
  std::size_t count = 0;               ///< 0: the data came from no table
  std::vector<std::string> names;      ///< one per column, or none if there was no header
  std::vector<std::size_t> targets;    ///< zero-based, in the order of the outputs
  std::optional<std::size_t> weights;  ///< zero-based
  std::vector<std::size_t> ignored;    ///< zero-based, ascending

  /// The zero-based columns of the features.
  std::vector<std::size_t> features() const;
  /// The names of so many outputs that are not classes: those of the target columns, else
  /// "target 1", "target 2", ….
  std::vector<std::string> target_names(std::size_t outputs) const;

  /// The words that stand for a missing value, in any case of letters; so do empty cells.
  std::vector<std::string> missing_values = {};

  bool operator==(const TableColumns&) const = default;
};

/// A feature column of a table whose cells are categories.
struct OneHotColumn {
  std::size_t feature = 0;  ///< zero-based, among the features of the table
  /// Sorted: numbers by value, then text by bytes; an empty text last, for a missing value.
  std::vector<std::string> categories;

  bool operator==(const OneHotColumn&) const = default;
};

/// Which features of a table are categories. In its place each becomes one input per category: 1
/// for the row's own, else 0. Fitted on training rows; travels with the model. A value.
struct OneHot {
  std::vector<OneHotColumn> columns;  ///< by ascending feature

  bool empty() const { return columns.empty(); }
  /// Inputs of the network for so many features of the table.
  std::size_t inputs(std::size_t features) const {
    for (const OneHotColumn& column : columns) features += column.categories.size() - 1;
    return features;
  }
  /// The reverse.
  std::size_t features(std::size_t inputs) const {
    for (const OneHotColumn& column : columns) inputs -= column.categories.size() - 1;
    return inputs;
  }

  /// The inputs that are made of categories, ascending.
  std::vector<std::size_t> category_inputs() const {
    std::vector<std::size_t> result;
    std::size_t moved = 0;  // inputs more than features so far
    for (const OneHotColumn& column : columns) {
      for (std::size_t k = 0; k < column.categories.size(); ++k)
        result.push_back(column.feature + moved + k);
      moved += column.categories.size() - 1;
    }
    return result;
  }

  bool operator==(const OneHot&) const = default;
};

}  // namespace nabla
