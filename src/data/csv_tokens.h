// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// Splits a text into rows of cells: RFC 4180 with LF, CRLF or CR line ends, a UTF-8 byte order
/// mark skipped, blank lines left out, and blanks around a cell cut off unless they are quoted.
/// The first line that is not blank decides on the separator by what stands outside quotes: tab
/// where that is more frequent than the other, else semicolon where there is one, else comma.
/// The text is not copied and must outlive the tokens. Cells are views that stay valid as long as
/// the tokens do, also after the next row.
class CsvTokens {
 public:
  /// `name` stands for the file in errors.
  CsvTokens(std::string_view text, std::string name);

  /// Goes on to the next row; false at the end. Throws DataError where quotes are unbalanced.
  bool next_row();
  /// The cells of the row.
  std::span<const std::string_view> cells() const { return cells_; }
  /// The line, counted from 1, on which the row begins.
  std::size_t line() const { return line_; }
  char separator() const { return separator_; }

 private:
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && separator_ != '\t'); }
  void skip_blanks();
  void skip_line_end();
  std::string_view plain_cell();
  std::string_view quoted_cell();

  std::string_view text_;
  std::string name_;
  char separator_ = ',';
  std::size_t position_ = 0;
  std::size_t next_line_ = 1;
  std::size_t line_ = 0;
  std::vector<std::string_view> cells_;
  /// Cells that differ from the text because of doubled quotes; a deque never moves them.
  std::deque<std::string> unescaped_;
};

}  // namespace nabla
