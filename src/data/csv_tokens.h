// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nabla/data/data_options.h"

#include "data/csv_dialect.h"
#include "data/read_text.h"

namespace nabla {

/// Splits a text into rows of cells while it is read: RFC 4180 with LF, CRLF or CR line ends, a
/// UTF-8 byte order mark skipped, blank lines left out, and blanks around a cell cut off unless
/// they are quoted. The first rows decide on what the format leaves open (see find_dialect). A
/// first line "sep=;", as Excel writes it, is no row and names the separator. Holds one piece of
/// the text and one row at a time. All functions throw DataError for any other text, and the errors
/// of the reading.
class CsvTokens {
 public:
  /// Longer rows are refused, so that a quote that is never closed does not fill the memory.
  static constexpr std::size_t kLongestRow = std::size_t{1} << 26;

  /// The rows that decide on separator and decimal mark.
  enum class Judged {
    kFirst,    ///< the first kSampledRows rows
    kArrived,  ///< only the rows that the first reads give, for text that arrives row by row
  };

  /// Reads the rows that are judged. Errors call the file `name`.
  CsvTokens(ReadText read, std::string name, const CsvFormat& format = {},
            Judged judged = Judged::kFirst);

  /// Goes on to the next row; returns false at the end. Reads on if it must.
  bool next_row();
  /// Does the same without reading: returns false also if the next row has not been read as a
  /// whole.
  bool next_row_at_hand();
  /// Reads the text that has arrived, or waits for some; does nothing if the text has ended.
  void read_on();
  /// Returns whether all of the text has been read.
  bool ended() const { return is_last_; }
  /// Keeps all text while the argument is true, so that `rewind` can go back to before the first
  /// row. To be called before the first row.
  void keep_all(bool keep) { keep_all_ = keep; }
  void rewind();

  /// Returns the cells of the row; they are valid until the next row is asked for.
  std::span<const std::string_view> cells() const { return cells_; }
  /// Returns the row as it stands in the text, without blanks around it and its line end; valid as
  /// long as the cells.
  std::string_view row_text() const { return row_text_; }
  /// Returns the line, counted from 1, on which the row begins.
  std::size_t line() const { return line_; }
  const CsvDialect& dialect() const { return dialect_; }
  CsvHeader header() const { return format_.header; }
  const std::string& name() const { return name_; }

 private:
  bool at_end() const { return next_ == end_; }
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && dialect_.separator != '\t'); }
  bool has_blanks() const { return dialect_.separator == kBlanksSeparator; }
  bool ends_cell() const;
  void skip_blanks();
  bool skip_line_end();
  void start(Judged judged);
  void read_sample(Judged judged);
  bool skip_blank_lines();
  bool scan_row();
  void plain_cell();
  bool quoted_cell();

  ReadText read_;
  std::string name_;
  CsvFormat format_;
  CsvDialect dialect_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t filled_ = 0;  ///< bytes of the buffer that hold text
  bool is_last_ = false;    ///< the text ends with the buffer
  bool keep_all_ = false;   ///< the buffer must keep the text from its start
  std::size_t first_ = 0;   ///< the beginning of the first row, behind a byte order mark
  std::size_t position_ = 0;
  std::size_t next_line_ = 1;
  // These describe the row that is being split.
  const char* next_ = nullptr;
  const char* end_ = nullptr;
  std::size_t line_ = 0;
  std::vector<std::string_view> cells_;
  std::string_view row_text_;
  /// The cells that differ from the text because of doubled quotes; a deque never moves them.
  std::deque<std::string> unescaped_;
};

/// Opens a file of rows. Throws DataError if it cannot be read.
CsvTokens open_csv(const std::filesystem::path& path, const CsvFormat& format = {});

}  // namespace nabla
