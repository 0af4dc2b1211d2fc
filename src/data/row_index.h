// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla {

/// Finds rows by their features, compared as numbers whatever type they are stored in. Keeps 16
/// bytes per row and refers to the data set, which must outlive it.
class RowIndex {
 public:
  explicit RowIndex(const Dataset& data);

  /// The first row whose features are those of row `row` of `other`, if there is one. `other` has
  /// the same number of features.
  std::optional<std::size_t> find(const Dataset& other, std::size_t row) const;

 private:
  using Entry = std::pair<std::uint64_t, std::size_t>;  ///< hash and row

  const Dataset& data_;
  std::vector<Entry> entries_;  ///< ascending
};

}  // namespace nabla
