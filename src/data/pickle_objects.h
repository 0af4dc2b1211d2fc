// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/numpy_array.h"

namespace nabla {

/// Returns the bytes of a Python 2 string literal with its quotes; nullopt if it is not one.
std::optional<std::string> python_string(std::string_view literal);

/// Returns the UTF-8 of a text in Python's encoding raw-unicode-escape; nullopt if it is not one.
std::optional<std::string> raw_unicode(std::string_view text);

/// The number of an object of a pickle.
using PickleId = std::uint32_t;

/// The globals that a pickle may name; none of them is ever called.
enum class PickleGlobal { kReconstruct, kArray, kType, kFromBuffer, kEncode };

/// An object as a pickle describes it. The kind decides which of the fields have a meaning.
struct PickleObject {
  enum class Kind { kNone, kNumber, kString, kTuple, kList, kGlobal, kType, kArray };
  Kind kind = Kind::kNone;
  std::size_t offset = 0;  ///< offset of the byte that made it

  std::int64_t number = 0;           ///< kNumber: an integer, or False and True as 0 and 1
  std::string_view text;             ///< kString: its bytes
  bool is_unicode = false;           ///< kString: the bytes are UTF-8
  std::vector<PickleId> items;       ///< kTuple, kList
  PickleGlobal global{};             ///< kGlobal
  std::string_view code;             ///< kType: for example "f4"
  char order = '=';                  ///< kType: the byte order
  bool is_complete = false;          ///< kArray: the fields that follow are set
  NumpyType type{};                  ///< kArray
  std::vector<std::size_t> shape{};  ///< kArray
  bool fortran_order = false;        ///< kArray
};

/// The objects of one pickle. They refer to each other by number, so that no nesting, however deep
/// or circular, costs stack. Puts NumPy's arrays together.
class PickleObjects {
 public:
  /// `content` is the whole file and outlives the objects; errors call the file `name`.
  PickleObjects(std::span<const std::byte> content, std::string name);

  /// Throws DataError.
  [[noreturn]] void fail(std::size_t offset, const std::string& message) const;

  PickleObject& operator[](PickleId id) { return objects_[id]; }
  const PickleObject& operator[](PickleId id) const { return objects_[id]; }
  PickleId add(PickleObject::Kind kind, std::size_t offset);
  PickleId add_string(std::string_view text, bool is_unicode, std::size_t offset);
  /// Adds a text that is not part of the content.
  PickleId add_string(std::string&& text, bool is_unicode, std::size_t offset);
  /// Adds a global. Throws DataError for a name that NumPy's arrays do not need.
  PickleId add_global(std::string_view module, std::string_view name, std::size_t offset);

  /// Returns the object that a global stands for if it is called with these arguments.
  PickleId reduce(PickleId global, PickleId arguments, std::size_t offset);
  /// Gives a type or an array its state.
  void build(PickleId target, PickleId state, std::size_t offset);

  /// Returns the array under this number; errors call it `name`.
  NumpyArray array(PickleId id, const std::string& name) const;

 private:
  using Kind = PickleObject::Kind;

  /// Returns the items of a tuple of this length.
  std::span<const PickleId> tuple(PickleId id, std::size_t length, const char* what,
                                  std::size_t offset) const;
  std::int64_t number(PickleId id, const char* what) const;
  std::string_view string(PickleId id, const char* what) const;
  void set_array(PickleObject& array, PickleId shape, PickleId type, PickleId elements);
  PickleId encode(std::span<const PickleId> arguments, std::size_t offset);

  std::span<const std::byte> content_;
  std::string name_;
  std::deque<PickleObject> objects_;  ///< a deque, so that references stay valid
  std::deque<std::string> texts_;
  std::size_t encoded_ = 0;
};

}  // namespace nabla
