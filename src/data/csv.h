// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/feature_matrix.h"
#include "nabla/data/row_origin.h"

#include "data/csv_columns.h"
#include "data/csv_tokens.h"
#include "data/feature_cells.h"
#include "data/growing_rows.h"
#include "data/missing_values.h"
#include "data/raw_categories.h"
#include "data/source.h"

namespace nabla {

/// The places at which the rows of a table stood, for errors.
struct RowPlaces {
  struct File {
    std::string name;
    std::vector<std::string> header;
    std::vector<std::size_t> columns;  ///< column of each feature
    std::size_t first_row;
  };
  std::vector<File> files;
  std::vector<RowOrigin::Run> runs;  ///< by ascending row; one begins with each file

  void add(std::size_t row, std::size_t line);
  /// Adds those of rows of the same file that follow, from `first_row` on.
  void append(const RowPlaces& next, std::size_t first_row);
  RowOrigin origin() const;
  std::string text(std::size_t row, std::size_t feature) const;
};

/// The features of a table whose categories are not expanded yet, with all that it takes to make
/// inputs of them when the training rows are known.
struct CategoryRows {
  GrowingRows features;
  RawCategories categories;
  RowPlaces places;

  OneHot fit(std::span<const std::uint32_t> rows) const { return categories.fit(rows); }
  /// Throws DataError for the first of these rows with a category that `one_hot` does not have.
  void require_known(std::span<const std::uint32_t> rows, const OneHot& one_hot) const;
  /// Gives the features to the table's data set, categories expanded, and keeps none.
  void expand(const OneHot& one_hot, Dataset& dataset);
};

/// A table as its files have it.
struct CsvRows {
  Dataset dataset;  ///< if there are categories, its features are those of `categories`
  std::shared_ptr<CategoryRows> categories;  ///< null if there are none
};

/// Reads the rows of one or several files of the same columns, one after the other.
class CsvTable {
 public:
  /// `needs_weights`: see resolve_columns; `missing_remedy`: see FeatureRules.
  explicit CsvTable(const CsvOptions& options, bool needs_weights = true,
                    std::string missing_remedy = kFillingModel)
      : options_(options),
        needs_weights_(needs_weights),
        missing_remedy_(std::move(missing_remedy)) {}

  /// Appends a file. Throws as read_csv does.
  void read(CsvTokens& tokens);
  /// Returns the table; at least one file has been read.
  CsvRows finish();

 private:
  void begin(const CsvLayout& layout, const TableColumns& columns);
  FeatureRules rules() const;
  std::vector<std::size_t> one_hot_features(const CsvLayout& layout,
                                            const TableColumns& columns) const;
  std::string_view with_point(std::string_view cell, char decimal, const CellPlace& place);
  void warn_of_row_numbers(std::vector<std::string>& warnings) const;
  void add_weight(std::string_view cell, const CellPlace& place);

  CsvOptions options_;
  bool needs_weights_;
  std::string missing_remedy_;
  TableColumns columns_;
  std::optional<CsvFormat> format_;  ///< of the files read so far
  std::optional<GrowingRows> features_;
  std::optional<FeatureCells> cells_;
  std::optional<CsvTargets> targets_;
  std::vector<double> weights_;
  std::string weights_place_;
  std::string with_point_;
  RawCategories categories_;
  RowPlaces places_;
};

/// Reads values separated by commas, semicolons, tabs or blanks (see find_dialect) with RFC 4180
/// quotes, gzip-compressed or not. The file is read in pieces, so memory is needed for the
/// table only. Features are numbers, kept as double, or categories. Throws DataError, which names
/// file, line and column (both counted from 1), what is wrong and what was expected, and
/// ConfigError for a target that is not a column of the table.
Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options);
/// Reads the same from a text in memory; errors call the file `name`.
Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options);

/// Reads the CSV files of `options`; the tables of several files of a list follow each other. The
/// test files have the classes of all training files.
SourceRows read_csv_source(const DataOptions& options);

/// The inputs of a model from a table as it arrives, a block of rows at a time, in bounded memory.
/// Finds features as CsvOptions::known_columns says; targets and weights that the model knows may
/// be among the columns and are ignored. For a model that came from no table the last column is a
/// target if there is one more than it has inputs. Throws as read_csv does. Not copyable, as its
/// parts refer to each other.
class CsvFeatures {
 public:
  /// Reads the first rows. Missing numbers are NaN with `keep_missing`, else refused. `inputs`
  /// counts the inputs after the categories of `one_hot` are expanded.
  CsvFeatures(CsvTokens tokens, const TableColumns& columns, const OneHot& one_hot,
              std::size_t inputs, bool keep_missing = false,
              UnknownCategory unknown = UnknownCategory::kError);
  CsvFeatures(const CsvFeatures&) = delete;
  CsvFeatures& operator=(const CsvFeatures&) = delete;

  /// Returns the next rows, [rows × inputs], at least one: all that have arrived and fit into the
  /// buffer. Waits if none has. Returns nullopt at the end.
  std::optional<Dataset::Features> next();
  /// Returns the features of all rows and their origin, in place of `next`.
  Dataset rest();

  const CsvLayout& layout() const { return layout_; }
  /// Returns where the last rows stood.
  const RowPlaces& places() const { return places_; }
  /// Has `texts` return the rows as they stand in the file. To be called before `next`.
  void keep_texts() { keeps_texts_ = true; }
  /// Returns the text of each of the last rows, empty unless they are kept.
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  Dataset::Features expand(GrowingRows raw);

  CsvTokens tokens_;
  CsvLayout layout_;
  OneHot one_hot_;
  UnknownCategory unknown_;
  std::vector<std::size_t> columns_;
  RawCategories categories_;
  std::optional<FeatureCells> cells_;
  RowPlaces places_;
  bool is_empty_ = true;
  bool keeps_texts_ = false;
  std::vector<std::string> texts_;
};

}  // namespace nabla
