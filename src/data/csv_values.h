// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/data/table.h"

#include "data/csv_cell.h"

namespace nabla {

/// The different texts of a column, numbered in the order of their first appearance.
class DistinctTexts {
 public:
  DistinctTexts() = default;
  DistinctTexts(DistinctTexts&&) = default;
  DistinctTexts& operator=(DistinctTexts&&) = default;

  std::size_t size() const { return texts_.size(); }
  const std::string& operator[](std::size_t number) const { return *texts_[number]; }

  struct Found {
    std::uint32_t number;
    bool is_new;
  };
  Found add(std::string_view text);
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;  ///< the keys, which a map of nodes never moves
};

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

/// The features that are categories while a table is read: their cells become the numbers of their
/// texts. Which inputs they become is known only when the training rows are.
class RawCategories {
 public:
  /// `features`: zero-based among the features, ascending.
  void set_features(std::vector<std::size_t> features);
  bool empty() const { return features_.empty(); }
  const std::vector<std::size_t>& features() const { return features_; }

  /// The same features, without the categories that they have.
  OneHot without_categories() const;

  /// The number of a cell of column `index` of features(). Throws DataError for what names no
  /// category.
  double add(std::size_t index, std::string_view cell, const CellPlace& place);

  /// The categories of these rows of the raw table.
  OneHot fit(const FeatureMatrix<double>& raw, std::span<const std::uint32_t> rows) const;

  /// Rows of the raw table with categories expanded: [rows × one_hot.inputs(features)]. Throws
  /// DataError for a category that `one_hot` does not have; `place` gives the beginning of such an
  /// error for a row of `raw`, and a feature.
  FeatureMatrix<double> expand(
      const FeatureMatrix<double>& raw, const OneHot& one_hot,
      const std::function<std::string(std::size_t row, std::size_t feature)>& place) const;

 private:
  std::vector<std::size_t> features_;
  std::vector<DistinctTexts> texts_;
};

}  // namespace nabla
