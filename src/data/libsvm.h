// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"

#include "data/source.h"

namespace nabla {

/// The rows of a LIBSVM file, `label index:value ...`, as the file has them: values that it leaves
/// out are 0.
struct LibsvmTable {
  std::string name;
  std::vector<double> labels;  ///< [rows]
  /// The texts of the labels from kInexactIntegers on, by row.
  std::unordered_map<std::size_t, std::string> long_labels;
  std::vector<std::size_t> lines;   ///< [rows], counted from 1
  std::vector<std::size_t> starts;  ///< [rows + 1] into indices and values
  std::vector<std::uint32_t> indices;
  std::vector<double> values;
  std::uint32_t largest_index = 0;     ///< 0 without values
  std::size_t largest_index_line = 0;  ///< the line on which it stands
  bool fits_float = true;              ///< float holds each value exactly

  std::size_t rows() const { return lines.size(); }
};

enum class LibsvmLabels { kRequired, kIgnored };

/// Reads a text; errors call its file `name`. Indices count from 1 and ascend in each row; '#'
/// begins a comment. Throws DataError, which names file and line. Labels that are ignored may be
/// missing. Format: https://www.csie.ntu.edu.tw/~cjlin/libsvm
LibsvmTable parse_libsvm(std::string_view text, const std::string& name,
                         LibsvmLabels labels = LibsvmLabels::kRequired);

/// Reads the rows of a text without their labels, which may be missing, for a model of `inputs`
/// inputs. Entries of larger indices are dropped, with a warning in the data set.
Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t inputs);
/// Reads the same from a file.
Dataset read_libsvm_features(const std::filesystem::path& file, std::size_t inputs);

/// Reads the LIBSVM files of `options`; the tables of several files of a list follow each other.
SourceRows read_libsvm_source(const DataOptions& options);

}  // namespace nabla
