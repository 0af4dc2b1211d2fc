// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "nabla/data/table.h"

#include "model/metadata_text.h"

namespace nabla {

/// The JSON text `columns` of a model file (docs/file-formats.md). Throws DataError where a name is
/// not UTF-8.
std::string write_columns(const TableColumns& columns);
/// The reverse. Throws DataError for what write_columns would not have written.
TableColumns read_columns(const MetadataText& text);

/// The value of the key `one_hot` in the JSON text `preprocess`. Throws DataError where a category
/// is not UTF-8.
Json write_one_hot(const OneHot& one_hot);
/// The reverse, empty where the key is missing, for so many inputs after the expansion. Throws
/// DataError for what write_one_hot would not have written for them.
OneHot read_one_hot(const MetadataText& text, std::size_t inputs);

}  // namespace nabla
