// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "data/numpy_array.h"

namespace nabla {

/// An NPZ file: a zip archive of NPY files, stored or deflated, found in memory. All
/// errors are DataErrors that begin with the file's name.
class NpzFile {
 public:
  /// Reads the archive's directory; `name` stands for the file in errors.
  NpzFile(FileBytes file, std::string name);
  ~NpzFile();
  NpzFile(const NpzFile&) = delete;
  NpzFile& operator=(const NpzFile&) = delete;

  /// The names of the arrays, in the order of the archive; other files in it are left out.
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;

  /// Decompresses one of the arrays, which then owns its elements. Memory is taken only when the
  /// array's own header, the archive's directory and the most that deflate can expand agree on the
  /// size.
  NumpyArray read(const std::string& name) const;

 private:
  struct Archive;

  FileBytes file_;
  std::string name_;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> names_;
};

/// The features in an NPZ file, for prediction: the array x_test, else x, else its only one.
Dataset read_npz_features(const FileBytes& file, const std::string& name);

}  // namespace nabla
