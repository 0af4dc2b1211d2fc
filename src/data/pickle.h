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

/// The instructions of a pickle with their operands, one after the other. All functions that take
/// bytes throw DataError if the file ends before them.
class PickleInput {
 public:
  /// Errors name the file as `objects` does.
  PickleInput(std::span<const std::byte> content, const PickleObjects& objects)
      : content_(content), objects_(objects) {}

  /// Takes the code of the next instruction.
  unsigned char next();
  /// Returns the offset of the latest instruction.
  std::size_t start() const { return start_; }
  /// Returns the number of bytes that were not taken.
  std::size_t left() const { return content_.size() - position_; }

  std::string_view take(std::size_t count);
  /// Takes the bytes up to the end of the line, which is left out.
  std::string_view take_line();
  /// Takes an unsigned number of up to 8 bytes, the least significant first.
  std::size_t take_size(std::size_t bytes);
  /// Takes such a number in two's complement.
  std::int64_t take_integer(std::size_t bytes);
  /// Takes a line with a whole number.
  std::int64_t take_decimal();

  /// Throws DataError for the latest instruction.
  [[noreturn]] void fail(const std::string& message) const { objects_.fail(start_, message); }

 private:
  std::span<const std::byte> content_;
  const PickleObjects& objects_;
  std::size_t position_ = 0;
  std::size_t start_ = 0;
};

/// Runs the instructions of a pickle, and refuses those that NumPy arrays in tuples and lists do
/// not need. A number of instructions that no such pickle comes near bounds work and memory.
/// Instructions: Python's module pickletools.
class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> content, PickleObjects& objects);

  /// Runs all instructions and returns the object that is left at the end. Throws DataError.
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
  /// Takes the latest mark away and returns the place in the stack at which the objects after it
  /// begin.
  std::size_t pop_mark();
  void append(std::size_t first);

  PickleObjects& objects_;
  PickleInput input_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::size_t, PickleId> memo_;
};

/// A pickle of NumPy arrays in tuples and lists, of protocol 0 to 5 as Python 2 and 3 write it.
/// Nothing in it is executed: the machine knows only the instructions that such files have, and of
/// the globals only those that stand for arrays.
class Pickle {
 public:
  /// Throws DataError, which names the file (`name`), the byte offset, what is wrong and what was
  /// expected.
  Pickle(FileBytes file, std::string name);
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;

  const std::string& name() const { return name_; }
  /// Returns the object that was pickled.
  PickleId root() const { return root_; }
  bool is_array(PickleId id) const;
  /// Returns the items of a tuple or list; none if the object is something else.
  std::span<const PickleId> items(PickleId id) const;
  /// Returns an array of this pickle, which must outlive it; `place` is its name in Python.
  NumpyArray array(PickleId id, const std::string& place) const;

 private:
  FileBytes file_;
  std::string name_;
  PickleObjects objects_;
  PickleId root_ = 0;
};

/// Reads the features in a pickle, for prediction: an array, the first of a pair of arrays, or
/// those of the test rows if it has the parts that read_pkl_source expects.
Dataset read_pkl_features(const FileBytes& file, const std::string& name);
/// Reads the same from a file.
Dataset read_pkl_features(const std::filesystem::path& file);

/// Reads the pickle of `options`: pairs of training and test rows, or the book's triple with
/// validation rows between them. These join the training rows if options.validation is given.
SourceRows read_pkl_source(const DataOptions& options);

}  // namespace nabla
