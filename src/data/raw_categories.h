// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
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

/// The features that are categories while a table is read: their cells become the numbers of their
/// texts, the text of a missing one being empty. Their inputs are known only when the training rows
/// are.
class RawCategories {
 public:
  /// `features` are zero-based among the features, in ascending order.
  void set_features(std::vector<std::size_t> features);
  /// Makes one more feature a category and returns its index; `sort` puts it in its place.
  std::size_t add_feature(std::size_t feature);
  /// Brings the features into ascending order, which gives them new indices.
  void sort();

  bool empty() const { return features_.empty(); }
  const std::vector<std::size_t>& features() const { return features_; }
  const DistinctTexts& texts(std::size_t index) const { return texts_[index]; }

  /// Returns the same features, without the categories that they have.
  OneHot without_categories() const;

  /// Returns the number of a text of column `index` of features().
  DistinctTexts::Found add(std::size_t index, std::string_view text) {
    return texts_[index].add(text);
  }

  /// Returns the categories of these rows of the table, which has numbers of texts.
  OneHot fit(const GrowingRows& raw, std::span<const std::uint32_t> rows) const;

  /// Returns the beginning of an error about a cell: a row of the table and a feature.
  using Place = std::function<std::string(std::size_t row, std::size_t feature)>;
  /// Throws DataError for the first of these rows with a category that `one_hot` does not have.
  void require_known(const GrowingRows& raw, std::span<const std::uint32_t> rows,
                     const OneHot& one_hot, const Place& place) const;

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
  std::vector<DistinctTexts> texts_;
};

}  // namespace nabla
