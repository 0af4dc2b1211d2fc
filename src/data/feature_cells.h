// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/feature_matrix.h"
#include "nabla/data/table.h"

#include "data/csv_cell.h"
#include "data/csv_columns.h"
#include "data/csv_tokens.h"
#include "data/growing_rows.h"
#include "data/missing_values.h"
#include "data/missing_words.h"
#include "data/raw_categories.h"

namespace nabla {

/// How the features of a table are read.
struct FeatureRules {
  MissingWords missing;
  /// A missing number is NaN; else it is refused, and `missing_remedy` is what would fill it in.
  bool keep_missing = false;
  std::string missing_remedy = kFillingModel;
  /// The columns are not known yet: what each holds follows from all of its cells, and what cannot
  /// be used is found, too (require_usable). Else the first bad cell is refused.
  bool is_open = false;
  /// An open text column becomes categories.
  bool find_categories = false;
};

/// Turns the feature cells of a table's rows, which may lie in several files, into numbers. Cells
/// of categories go to the RawCategories, missing ones become NaN.
class FeatureCells {
 public:
  /// Text columns of more categories are more likely names or identifiers.
  static constexpr std::size_t kMostCategories = 100;

  /// `categories` takes the texts; it knows the features that are categories from the start.
  FeatureCells(FeatureRules rules, std::size_t features, RawCategories& categories);

  /// Goes on with a file, in which feature f of a row is in column `columns[f]`. The layout must
  /// outlive the reading of the file.
  void begin_file(const CsvLayout& layout, const std::vector<std::size_t>& columns);

  /// Appends the features of the current row. Throws DataError if a cell cannot be a feature.
  void read(const CsvTokens& tokens, GrowingRows& rows);

  /// Throws DataError naming all columns of an open table that cannot be used if there are any;
  /// `ignored` are those that data.ignore names already.
  void require_usable(const GrowingRows& rows, const std::vector<std::string>& ignored) const;

 private:
  /// Cells of one kind: how many there are, and the first of them.
  struct Cells {
    std::size_t count = 0;
    std::string file;
    std::size_t line = 0;
    std::string label;  ///< of the column, which may stand elsewhere in another file
    std::string first;
    void add(std::string_view cell, const CsvLayout& layout, std::size_t at, std::size_t column);
  };
  struct Column {
    std::size_t column = 0;               ///< in the current file
    std::optional<std::size_t> category;  ///< index among the categories
    bool is_chosen = false;               ///< an option or a model made it categories
    Cells missing;
    Cells texts;    ///< texts among numbers
    Cells numbers;  ///< numbers among texts; `count` counts different ones only
    Cells first;    ///< a text column's first cell
    Cells unfit;    ///< texts that cannot name a category
  };
  struct Complaint;

  void read_category(Column& column, std::string_view cell, const CsvTokens& tokens);
  double read_odd(std::size_t feature, CellKind kind, const CsvTokens& tokens, GrowingRows& rows);
  void become_category(std::size_t feature, GrowingRows& rows);
  std::size_t number_cells(std::size_t feature) const;
  std::optional<Complaint> complaint(std::size_t feature, const GrowingRows& rows) const;

  FeatureRules rules_;
  RawCategories& categories_;
  std::vector<Column> columns_;
  const CsvLayout* layout_ = nullptr;  ///< of the current file, while it is read
  char decimal_ = '.';                 ///< of that file
  // These are those of the first file.
  std::vector<std::string> header_;
  std::vector<std::size_t> places_;
  std::size_t first_line_ = 0;
};

}  // namespace nabla
