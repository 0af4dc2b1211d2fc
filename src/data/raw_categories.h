// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/feature_matrix.h"
#include "nabla/data/sparse_matrix.h"
#include "nabla/data/table.h"

#include "data/distinct_texts.h"
#include "data/growing_rows.h"

namespace nabla {

/// The features that are categories while a table is read: the numbers of their cells' texts, row
/// by row, the text of a missing one being empty. Their inputs are known only when the training
/// rows are. The table itself has kCell in their place, so that rows which become entries need not
/// be gone through again.
class RawCategories {
 public:
  /// The number of an entry of a category.
  static constexpr double kCell = 1;

  /// `features` are zero-based among the features, in ascending order.
  void set_features(std::vector<std::size_t> features);
  /// Makes one more feature, which lacks all of its `rows` cells so far, a category and returns its
  /// index; `sort` puts it in its place.
  std::size_t add_feature(std::size_t feature, std::size_t rows);
  /// Brings the features into ascending order, which gives them new indices.
  void sort();

  bool empty() const { return features_.empty(); }
  const std::vector<std::size_t>& features() const { return features_; }
  const DistinctTexts& texts(std::size_t index) const { return texts_[index]; }

  /// Returns the same features, without the categories that they have.
  OneHot without_categories() const;

  /// Adds the cell of the next row in column `index` of features(), and returns its text's number.
  DistinctTexts::Found add(std::size_t index, std::string_view text) {
    const DistinctTexts::Found found = texts_[index].add(text);
    numbers_[index].push_back(found.number);
    return found;
  }
  /// Returns the numbers of the texts of a column by row.
  const std::deque<std::uint32_t>& numbers(std::size_t index) const { return numbers_[index]; }
  /// Forgets the rows, not the texts.
  void clear_rows();

  /// Returns the categories of these rows of the table.
  OneHot fit(std::span<const std::uint32_t> rows) const;

  /// Returns the beginning of an error about a cell: a row of the table and a feature.
  using Place = std::function<std::string(std::size_t row, std::size_t feature)>;
  /// Throws DataError for the first of these rows with a category that `one_hot` does not have.
  void require_known(std::span<const std::uint32_t> rows, const OneHot& one_hot,
                     const Place& place) const;

  /// Returns all rows with their categories expanded, [rows × one_hot.inputs(features)]. A category
  /// that `one_hot` does not have is all zeros. The rows are sparse if that takes less than half of
  /// the memory, by the numbers of features and inputs alone: each then has an entry for each
  /// feature, also if it is 0.
  Dataset::Features expand(GrowingRows raw, const OneHot& one_hot) const;

 private:
  FeatureMatrix<double> expand_densely(GrowingRows raw, const OneHot& one_hot) const;
  SparseMatrix<double> expand_sparsely(GrowingRows raw, const OneHot& one_hot) const;
  std::vector<std::vector<std::uint32_t>> places_among(const OneHot& one_hot) const;

  std::vector<std::size_t> features_;
  std::vector<DistinctTexts> texts_;  ///< of each feature
  std::vector<std::deque<std::uint32_t>>
      numbers_;  ///< of each feature, by row; no growth moves them
};

}  // namespace nabla
