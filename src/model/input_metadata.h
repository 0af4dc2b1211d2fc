// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "nabla/data/preprocess.h"
#include "nabla/data/table.h"

#include "model/metadata_text.h"

namespace nabla {

/// The JSON text `columns` of a model file (docs/file-formats.md). Throws DataError if a name is
/// not UTF-8.
std::string write_columns(const TableColumns& columns);
/// The reverse. Throws DataError for what write_columns would not have written.
TableColumns read_columns(const MetadataText& text);

/// The JSON text `preprocess` of a model file (docs/file-formats.md); numbers read back exactly.
/// The categories are expanded before everything else (see read_one_hot).
std::string write_preprocess(const Preprocess& preprocess, const OneHot& one_hot);

/// The reverse, for a network of so many inputs and regression targets (0: a classification).
/// Throws DataError for anything that write_preprocess would not have written for them.
Preprocess read_preprocess(const MetadataText& text, std::size_t inputs, std::size_t targets);

/// The one-hot columns of the JSON text `preprocess`, empty if there are none, for so many inputs
/// after the expansion. Throws DataError for anything that write_preprocess would not have written.
OneHot read_one_hot(const MetadataText& text, std::size_t inputs);

}  // namespace nabla
