// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nabla/data/data_options.h"
#include "nabla/data/dataset.h"
#include "nabla/data/row_origin.h"

#include "data/growing_entries.h"
#include "data/read_text.h"
#include "data/source.h"

namespace nabla {

/// The rows of LIBSVM files, `label index:value ...`. Indices count from 1 and ascend in each row;
/// '#' begins a comment. Values of 0 are left out. Keeps the entries, a label and two addresses per
/// row. Format: https://www.csie.ntu.edu.tw/~cjlin/libsvm
class LibsvmRows {
 public:
  enum class Labels { kRequired, kIgnored };  ///< labels that are ignored may be missing

  explicit LibsvmRows(Labels labels) : labels_are_(labels) {}
  /// Entries of indices above `limit`, which `whose` explains, are dropped.
  LibsvmRows(Labels labels, std::size_t limit, std::string whose)
      : labels_are_(labels), limit_(limit), whose_(std::move(whose)) {}

  /// Adds the rows of a text; errors call its file `name`. Throws DataError, which names file and
  /// line.
  void read(ReadText text, const std::string& name);

  std::size_t entries() const { return entries_.entries(); }
  std::size_t largest_index() const { return largest_index_; }
  /// Returns the place of the largest index, with which errors begin: "train.svm:17: ".
  std::string largest_index_place() const;
  /// Returns a data set of the rows without targets, `inputs` features each, and keeps no entries.
  /// A warning for each file counts the entries that were dropped.
  Dataset finish_features(std::size_t inputs);
  /// Returns the same with targets.
  Dataset finish(std::size_t inputs, TaskChoice task, const std::vector<std::string>& classes);

 private:
  Labels labels_are_;
  std::size_t limit_ = kNoLimit;
  std::string whose_;
  GrowingEntries entries_;
  std::vector<double> labels_;  ///< [rows]
  /// The texts of the labels from kInexactIntegers on, by row.
  std::unordered_map<std::size_t, std::string> long_labels_;
  std::vector<RowOrigin::File> files_;
  std::vector<std::string> warnings_;
  std::size_t largest_index_ = 0;  ///< 0 without entries
  std::string largest_index_file_;
  std::size_t largest_index_line_ = 0;

  static constexpr std::size_t kNoLimit = 4294967295;  ///< the largest index
};

/// Reads the rows of a text without their labels, which may be missing, for a model of `inputs`
/// inputs. Entries of larger indices are dropped, with a warning in the data set.
Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t inputs);
/// Reads the same from a file.
Dataset read_libsvm_features(const std::filesystem::path& file, std::size_t inputs);

/// Reads the LIBSVM files of `options`; the tables of several files of a list follow each other.
SourceRows read_libsvm_source(const DataOptions& options);

}  // namespace nabla
