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
#include "nabla/data/one_hot.h"

#include "data/csv_cell.h"
#include "data/distinct_texts.h"

namespace nabla {

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
