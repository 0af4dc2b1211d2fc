// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/data_options.h"

#include "base/mapped_file.h"
#include "data/numpy_array.h"
#include "data/source.h"

namespace nabla {

/// Returns whether the bytes start as an NPY file does.
bool is_npy(std::span<const std::byte> start);

/// Reads the array in the content of a whole file, whose owner it shares.
NumpyArray parse_npy(const FileBytes& file, const std::string& name);

/// An NPZ file: a zip archive of NPY files, stored or deflated, in memory. All errors are
/// DataErrors that begin with the file's name.
class NpzFile {
 public:
  /// Reads the archive's directory; errors call the file `name`.
  NpzFile(FileBytes file, std::string name);
  ~NpzFile();
  NpzFile(const NpzFile&) = delete;
  NpzFile& operator=(const NpzFile&) = delete;

  /// Returns the file's name.
  const std::string& name() const { return name_; }
  /// Returns the names of the arrays, in the order of the archive. Other files in it are left out.
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;

  /// Decompresses one of the arrays, which then owns its elements. Takes memory only when the
  /// array's own header, the archive's directory and the largest expansion of deflate agree on the
  /// size.
  NumpyArray read(const std::string& name) const;

 private:
  struct Archive;

  FileBytes file_;
  std::string name_;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> names_;
};

/// Reads the features in an NPZ file, for prediction: its sparse matrix, or the array x_test,
/// test_images, x, X or arr_0, the first of them that is there, else its only one.
Dataset read_npz_features(const FileBytes& file, const std::string& name);

/// Returns whether the bytes start as an NPY file or a zip archive does.
bool is_numpy_file(std::span<const std::byte> start);
/// Reads the features in an NPY or NPZ file, for prediction.
Dataset read_numpy_features(const std::filesystem::path& file);

/// Reads the NPZ file of `options` (see DataOptions::arrays), or their files of sparse matrices and
/// labels.
SourceRows read_npz_source(const DataOptions& options);

}  // namespace nabla
