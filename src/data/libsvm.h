// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// The rows of a LIBSVM file, `label index:value ...`, as they stand there: what is not given is 0.
struct LibsvmTable {
  std::string name;
  std::vector<double> labels;       ///< [rows]
  std::vector<std::size_t> lines;   ///< [rows], counted from 1
  std::vector<std::size_t> starts;  ///< [rows + 1] into indices and values
  std::vector<std::uint32_t> indices;
  std::vector<double> values;
  std::uint32_t width = 0;       ///< the largest index
  std::size_t widest_line = 0;   ///< where it stands
  bool fits_float = true;        ///< float holds each value exactly
  bool has_whole_labels = true;  ///< each label is a whole number

  std::size_t rows() const { return lines.size(); }
  /// "FILE:LINE" of a row.
  std::string place(std::size_t row) const;
};

enum class LibsvmLabels { kRequired, kIgnored };

/// Reads a text; `name` stands for its file in errors. Indices count from 1 and ascend in each row;
/// '#' begins a comment. Throws DataError naming file and line. Labels that are ignored may be
/// missing. Format: https://www.csie.ntu.edu.tw/~cjlin/libsvm
LibsvmTable parse_libsvm(std::string_view text, const std::string& name,
                         LibsvmLabels labels = LibsvmLabels::kRequired);

/// The rows of a text without their labels, which may be missing, for a model of `width` inputs.
Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t width);
/// The same from a file.
Dataset read_libsvm_features(const std::filesystem::path& file, std::size_t width);

/// The LIBSVM files of `options`; several files of a list are one table after the other.
SourceRows read_libsvm_source(const DataOptions& options);

}  // namespace nabla
