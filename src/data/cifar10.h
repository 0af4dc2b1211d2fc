// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// Reads files of the binary version of CIFAR-10, gzip-compressed or not, as one data set: records
/// of one label byte and 3072 pixels, the red, green and blue plane of 32×32. Files that are not
/// compressed are memory-mapped, as read_idx does, and must not change meanwhile. Throws DataError,
/// which names the file, the byte offset (after decompression), what is wrong and what was
/// expected. Format: https://www.cs.toronto.edu/~kriz/cifar.html
Dataset read_cifar10(std::span<const std::filesystem::path> files);

/// Reads the CIFAR-10 files of `options` (see DataOptions).
SourceRows read_cifar10_source(const DataOptions& options);

}  // namespace nabla
