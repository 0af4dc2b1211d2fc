// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "nabla/data/preprocess.h"
#include "nabla/data/table.h"

#include "model/metadata_text.h"

namespace nabla {

/// The JSON text `preprocess` of a model file (docs/file-formats.md); numbers read back exactly.
/// The categories are expanded before everything else (see read_one_hot).
std::string write_preprocess(const Preprocess& preprocess, const OneHot& one_hot);

/// The reverse, for a network of so many inputs and regression targets (0: a classification).
/// Throws DataError for anything that write_preprocess would not have written for them.
Preprocess read_preprocess(const MetadataText& text, std::size_t inputs, std::size_t targets);

}  // namespace nabla
