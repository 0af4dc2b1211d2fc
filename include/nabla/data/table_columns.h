// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nabla {

/// The columns of the table that a data set came from; the features are those that are neither
/// targets nor weights. Travels with the model, so that other tables of the same columns are
/// understood. A value.
struct TableColumns {
  std::size_t count = 0;               ///< 0: the data came from no table
  std::vector<std::string> names;      ///< one per column, or none where there was no header
  std::vector<std::size_t> targets;    ///< zero-based, in the order of the outputs
  std::optional<std::size_t> weights;  ///< zero-based

  /// The zero-based columns of the features.
  std::vector<std::size_t> features() const;

  bool operator==(const TableColumns&) const = default;
};

}  // namespace nabla
