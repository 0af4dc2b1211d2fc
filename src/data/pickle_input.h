// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "data/pickle_objects.h"

namespace nabla {

/// The instructions of a pickle with what follows them, one after the other. All functions that
/// take something throw DataError where the file ends before.
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

}  // namespace nabla
