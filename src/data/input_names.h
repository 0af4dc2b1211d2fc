// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"
#include "nabla/data/table.h"

namespace nabla {

/// Returns the name of a zero-based column, or "column 3" if the table has no header.
std::string column_name(const TableColumns& columns, std::size_t column);

/// Returns a name for people for each feature of the data as they were before data.one-hot: the
/// column's, "feature 3" (zero-based) if there are no names.
std::vector<std::string> feature_names(const Dataset& data);

/// Returns a name for people for each feature of the data as they are after data.one-hot: the
/// column's, "town = Berlin" for a category of a column, "feature 3" if there are no names.
std::vector<std::string> input_names(const Dataset& data);
/// Returns the same of the features, `inputs` of them, of a model with these columns and
/// categories.
std::vector<std::string> input_names(const TableColumns& columns, const OneHot& one_hot,
                                     std::size_t inputs);

/// Returns a name for people for each target of a regression: the column's, else "target", with a
/// number if there are several.
std::vector<std::string> target_names(const Dataset& data);

}  // namespace nabla
