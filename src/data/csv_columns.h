// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/data/table.h"

#include "data/csv_cell.h"
#include "data/csv_tokens.h"
#include "data/distinct_texts.h"
#include "data/missing_words.h"

namespace nabla {

/// Takes the target cells of a table row by row and makes labels with classes, or targets, of them.
/// Several targets per row are the labels of multi-label if all are 0 or 1, else values.
/// Whole numbers and texts are kept as texts until a fraction shows that they are values, or until
/// all rows tell classes from values (WholeTargets). Throws DataError for a cell that cannot be
/// what the others are.
class CsvTargets {
 public:
  /// `columns` is the number of targets per row.
  CsvTargets(const CsvOptions& options, std::size_t columns);

  /// Takes the next cell; those of a row follow each other.
  void add(std::string_view cell, const CellPlace& place);
  /// Sets the data set's task and labels with classes, or targets.
  void finish(Dataset& dataset);

 private:
  bool are_words_classes() const;
  void add_value(std::string_view cell, const CellPlace& place);
  void add_text(std::string_view cell, const CellPlace& place);
  void become_values();
  void set_labels(Dataset& dataset);

  std::size_t columns_;
  MissingWords missing_;
  TaskChoice task_;
  std::vector<std::string> known_classes_;
  std::set<ClassName> known_names_;
  bool are_values_;
  bool is_decided_;  ///< whether texts stay classes, whatever they are
  DistinctTexts texts_;
  std::vector<std::uint32_t> text_of_row_;
  std::vector<double> values_;
  // The text and the fraction that do not go together, for errors.
  std::optional<std::string> first_text_;
  std::string first_text_place_;
  std::string first_fraction_;
  // The first cell that is one of the missing words.
  std::string first_word_;
  std::string first_word_place_;
};

/// The columns of a file, known before its values are read.
struct CsvLayout {
  std::string name;  ///< name of the file
  std::size_t columns = 0;
  std::size_t first_line = 0;
  CsvDialect dialect;
  std::vector<std::string> header;  ///< empty if there is none
  std::string header_text;          ///< the header as it stands in the file

  /// Returns the format that the file turned out to have; kAuto for a separator without a name.
  CsvFormat format() const;
  /// Throws DataError unless the row has as many columns as the first.
  void check_width(const CsvTokens& tokens) const;
};

/// Looks at the first two rows; the next row of `tokens` is then the first one of values. If the
/// format leaves the header to the table, a first row that has one of `names` is one. Throws
/// DataError if the file has no row.
CsvLayout find_layout(CsvTokens& tokens, std::span<const std::string> names);

/// Returns the format that two tables have in common, kAuto for that in which they differ.
CsvFormat common_format(const CsvFormat& a, const CsvFormat& b);

/// Returns the column as options take it: its name if that means this column alone, else its
/// zero-based index. `names` may be empty.
std::string option_name(std::span<const std::string> names, std::size_t column);

/// Returns the names of columns by which find_layout knows a header: those that the options give,
/// and those of the table known beforehand.
std::vector<std::string> names_of_columns(const CsvOptions& options);

/// Returns the zero-based column that `column` names: a name of the header, a zero-based index, a
/// negative one that counts from the end, or "last". Throws ConfigError, which begins with the
/// configuration key, unless there is exactly one.
std::size_t resolve_column(const std::string& key, const std::string& column,
                           const CsvLayout& layout);

/// Returns the targets, the weights and the ignored columns that the options name, or those of the
/// known table if the options leave all of them open and this file has its targets. A target that
/// the options give by its place is that of the known table's name, if this file has that. Throws
/// ConfigError if the file has no such columns or if one is named twice, DataError if no feature is
/// left. Unless `needs_weights`, a header without the name of the weights or of an ignored column
/// means that there are none.
TableColumns resolve_columns(const CsvOptions& options, const CsvLayout& layout,
                             bool needs_weights);

/// The fate of columns that a known table does not have, if columns are found by name.
enum class OtherColumns { kRefused, kLeftAside };

/// Returns the columns of the file that hold the features of a known table, in the order of that
/// table: by name if both have a header, else by position. `own` names the targets and weights of
/// the file. Throws DataError if a feature is missing, if another number of columns has its name
/// than in the known table, or if a column is refused.
std::vector<std::size_t> match_features(const TableColumns& known, const TableColumns& own,
                                        const CsvLayout& layout, OtherColumns others);

/// Returns the columns of a known table beside its features that this file holds too, which
/// prediction ignores. `features` is the number that the model has.
TableColumns find_ignored(const TableColumns& known, std::size_t features, const CsvLayout& layout);

}  // namespace nabla
