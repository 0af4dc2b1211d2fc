// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "data/row_targets.h"

namespace nabla {

/// Reads the targets of rows that lie in another file: an NPY file, an NPZ file of one array, or a
/// text with a label a line, gzip-compressed or not. Labels of a text are numbers if all of them
/// are, else names of classes. Throws DataError, which names file and line.
RowTargets read_label_file(const std::filesystem::path& path);

}  // namespace nabla
