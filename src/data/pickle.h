// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nabla/data/data_options.h"

#include "base/mapped_file.h"
#include "data/pickle_objects.h"
#include "data/source.h"

namespace nabla {

/// The instructions of a pickle with what follows them, one after the other. All functions that
/// take something throw DataError if the file ends before.
class PickleInput {
 public:
  /// `objects` names the file in errors.
  PickleInput(std::span<const std::byte> content, const PickleObjects& objects)
      : content_(content), objects_(objects) {}

  /// The code of the next instruction.
  unsigned char next();
  /// The byte of the latest instruction.
  std::size_t start() const { return start_; }
  /// Bytes that were not taken.
  std::size_t left() const { return content_.size() - position_; }

  std::string_view take(std::size_t count);
  /// Up to the end of the line, which is left out.
  std::string_view take_line();
  /// An unsigned number of up to 8 bytes, least significant first.
  std::size_t take_size(std::size_t bytes);
  /// The same in two's complement.
  std::int64_t take_integer(std::size_t bytes);
  /// A line with a whole number.
  std::int64_t take_decimal();

  /// Throws DataError for the latest instruction.
  [[noreturn]] void fail(const std::string& message) const { objects_.fail(start_, message); }

 private:
  std::span<const std::byte> content_;
  const PickleObjects& objects_;
  std::size_t position_ = 0;
  std::size_t start_ = 0;
};

/// Runs the instructions of a pickle, those that NumPy arrays in tuples and lists need and no
/// others. Work and memory are bounded by a number of instructions that no such pickle comes near.
/// Instructions: Python's module pickletools.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> content, PickleObjects& objects);

  /// The object that is left at the end. Throws DataError.
  PickleId run();

 private:
  using Kind = PickleObject::Kind;

  bool step();
  bool step_string(unsigned char code);
  bool step_memo(unsigned char code);
  bool step_container(unsigned char code);

  void push_number(std::int64_t number);
  void push_container(Kind kind, std::size_t first);
  PickleId pop();
  /// Where the objects after the latest mark begin; takes the mark away.
  std::size_t pop_mark();
  void append(std::size_t first);

  PickleObjects& objects_;
  PickleInput input_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::size_t, PickleId> memo_;
};

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
