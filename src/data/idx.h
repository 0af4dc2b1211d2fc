// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// Reads a pair of IDX files, gzip-compressed or not: features of any IDX element type with the
/// first dimension as rows and the others flattened (two of them are an image), and as many labels,
/// integers in one dimension or, as QMNIST has them, the first of 8 columns of int32. Elements of
/// features keep their type or take the smallest of float and double that holds each value exactly;
/// NaN and infinity are refused. Unsigned bytes of a file that is not compressed stay in it: it is
/// memory-mapped, may be larger than memory, and must not change while the data set is used; if it
/// shrinks, the program ends. Classes are the different labels in ascending order, named by their
/// values, or `classes` if these are known beforehand. Throws DataError, which names the file, the
/// byte offset (after decompression), what is wrong and what was expected. Formats:
/// http://yann.lecun.com/exdb/mnist, https://github.com/facebookresearch/qmnist
Dataset read_idx(const std::filesystem::path& features, const std::filesystem::path& labels,
                 std::span<const std::string> classes = {});

/// Reads the features alone, for prediction; the data set then has rows but no labels.
Dataset read_idx_features(const std::filesystem::path& features);

/// Returns whether the bytes start as an IDX file does: with two zero bytes and the code of an
/// element type.
bool is_idx(std::span<const std::byte> start);

/// Reads the IDX files of `options` (see DataOptions).
SourceRows read_idx_source(const DataOptions& options);

}  // namespace nabla
