// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "nabla/data/preprocess.h"

#include "model/metadata_text.h"

namespace nabla {

/// The JSON text `preprocess` of a model file (docs/file-formats.md); numbers read back exactly.
std::string write_preprocess(const Preprocess& preprocess);

/// The reverse, for a network of so many inputs and regression targets (0: a classification).
/// Throws DataError for anything that write_preprocess would not have written for them.
Preprocess read_preprocess(const MetadataText& text, std::size_t inputs, std::size_t targets);

}  // namespace nabla
