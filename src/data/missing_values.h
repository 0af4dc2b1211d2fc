// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/preprocess.h"

namespace nabla {

template <class S>
bool is_missing(S x) {
  if constexpr (std::is_same_v<S, std::uint8_t>)
    return false;
  else
    return std::isnan(x);
}

/// Writes features [first, first + count) of a row as `fill` makes them, indicators behind the
/// others; `features` is the number without indicators.
template <class S>
void fill_missing(const MissingFill& fill, const S* row, std::size_t features, std::size_t first,
                  std::size_t count, double* to) {
  for (std::size_t j = first; j < first + count; ++j, ++to) {
    if (j >= features)
      *to = is_missing(row[fill.indicators[j - features]]) ? 1 : 0;
    else
      *to = is_missing(row[j]) ? fill.values[j] : static_cast<double>(row[j]);
  }
}

/// Returns whether a sparse row has an entry in the column that is missing.
template <class S>
bool lacks(const SparseRow<S>& row, std::size_t column) {
  const auto entry = std::ranges::lower_bound(row.columns, column);
  return entry != row.columns.end() && *entry == column &&
         is_missing(row.value(static_cast<std::size_t>(entry - row.columns.begin())));
}

/// The same for the entries of a sparse row, each missing one an entry. Writes the columns and
/// values of at most row.size() + fill.indicators.size() entries, and returns their number. Y is a
/// floating-point type.
template <class S, class Y>
std::size_t fill_entries(const MissingFill& fill, const SparseRow<S>& row, std::size_t features,
                         std::uint32_t* columns, Y* values) {
  std::size_t count = 0;
  for (std::size_t k = 0; k < row.size(); ++k, ++count) {
    const S x = row.value(k);
    columns[count] = row.columns[k];
    values[count] =
        static_cast<Y>(is_missing(x) ? fill.values[row.columns[k]] : static_cast<double>(x));
  }
  for (std::size_t i = 0; i < fill.indicators.size(); ++i) {
    if (!lacks(row, fill.indicators[i])) continue;
    columns[count] = static_cast<std::uint32_t>(features + i);
    values[count++] = 1;
  }
  return count;
}

/// Throws DataError naming the place and the name of the first missing value, if there is one;
/// `name` stands for rows that come from no file.
void require_complete(const Dataset& data, const std::string& name);

// The remedies for missing values: of rows for a model that does not fill them in, and of rows that
// are read for a training.
inline constexpr const char* kFillingModel = "a model trained with data.missing";
inline constexpr const char* kFillingOption = "data.missing = median";

/// Throws the same if the row lacks a feature, for a model that does not fill it in.
void require_complete_row(const Dataset& data, std::size_t row, const std::string& name);

/// Returns the features that some row lacks, ascending.
std::vector<std::size_t> incomplete_features(const Dataset& data);

/// Calls use(feature, values) for each of the features, which ascend: its values that are there, in
/// the order of the rows; `use` may change them. Takes memory for a few features at a time.
void for_present_values(
    const Dataset& data, std::span<const std::size_t> features,
    const std::function<void(std::size_t feature, std::span<double> values)>& use);

/// Returns the rows with missing features filled and indicators added; the same rows if `fill` does
/// nothing.
Dataset filled(const MissingFill& fill, const Dataset& data);

}  // namespace nabla
