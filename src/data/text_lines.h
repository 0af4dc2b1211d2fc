// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "data/read_text.h"

namespace nabla {

/// Splits a text into lines while it is read. A line ends with LF or at the end of the text; a
/// UTF-8 byte order mark is skipped. Holds one piece of the text and one line at a time. All
/// functions throw DataError for a text that begins as a foreign format does, and the errors of the
/// reading.
class TextLines {
 public:
  /// Longer lines are refused, so that a file without line ends does not fill the memory.
  static constexpr std::size_t kLongestLine = std::size_t{1} << 28;

  /// Errors call the file `name`.
  TextLines(ReadText read, std::string name);

  /// Goes on to the next line; returns false at the end.
  bool next();
  /// Returns the line without its LF, valid until the next one is asked for.
  std::string_view line() const { return line_; }
  /// Returns the line's number, from 1.
  std::size_t number() const { return number_; }
  const std::string& name() const { return name_; }

 private:
  void read_on();

  ReadText read_;
  std::string name_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t filled_ = 0;  ///< bytes of the buffer that hold text
  std::size_t next_ = 0;    ///< where the next line begins
  bool is_last_ = false;    ///< the text ends with the buffer
  std::string_view line_;
  std::size_t number_ = 0;
};

}  // namespace nabla
