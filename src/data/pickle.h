// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "nabla/data/data_options.h"

#include "base/mapped_file.h"
#include "data/pickle_objects.h"
#include "data/source.h"

namespace nabla {

/// A pickle of NumPy arrays in tuples and lists, of protocol 0 to 5 as Python 2 and 3 write it.
/// Nothing in it is executed: of the pickle machine there are only the instructions that such files
/// have, and of its globals only those that stand for arrays.
class Pickle {
 public:
  /// `name` stands for the file in errors. Throws DataError naming it, the byte offset, what is
  /// wrong and what was expected.
  Pickle(FileBytes file, std::string name);
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;

  const std::string& name() const { return name_; }
  /// The object that was pickled.
  PickleId root() const { return root_; }
  bool is_array(PickleId id) const;
  /// The items of a tuple or list; none if the object is something else.
  std::span<const PickleId> items(PickleId id) const;
  /// An array of this pickle, which must outlive it; `place` is how Python names it.
  NumpyArray array(PickleId id, const std::string& place) const;

 private:
  FileBytes file_;
  std::string name_;
  PickleObjects objects_;
  PickleId root_ = 0;
};

/// The features in a pickle, for prediction: an array, the first of a pair of arrays, or those of
/// the test rows of what read_pkl_source reads.
Dataset read_pkl_features(const FileBytes& file, const std::string& name);
/// The same from a file.
Dataset read_pkl_features(const std::filesystem::path& file);

/// The pickle of `options`: pairs of training and test rows, or the book's triple with validation
/// rows between them. These join the training rows if options.validation is given.
SourceRows read_pkl_source(const DataOptions& options);

}  // namespace nabla
