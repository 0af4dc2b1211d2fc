// SPDX-License-Identifier: MIT
#include "data/csv_tokens.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "nabla/base/error.h"

#include "base/text.h"
#include "data/csv_cell.h"
#include "data/foreign_format.h"

namespace nabla {

namespace {

constexpr std::size_t kFirstBuffer = std::size_t{1} << 18;

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/// The first rows are judged in at most so many bytes.
constexpr std::size_t kLargestSample = std::size_t{1} << 24;

constexpr std::string_view kSeparatorLine = "sep=";

/// Returns the separator that the first line of a text names as Excel does, "sep=;"; nullopt if it
/// names none. The text holds all of the line.
std::optional<char> named_separator(std::string_view text) {
  if (!text.starts_with(kSeparatorLine)) return std::nullopt;
  text.remove_prefix(kSeparatorLine.size());
  if (text.empty() || std::string_view(",;\t|:").find(text[0]) == std::string_view::npos)
    return std::nullopt;
  if (text.size() > 1 && !is_line_end(text[1])) return std::nullopt;
  return text[0];
}

}  // namespace

CsvTokens open_csv(const std::filesystem::path& path, const CsvFormat& format) {
  return {read_from(InputStream::open(path)), path.string(), format};
}

CsvTokens::CsvTokens(ReadText read, std::string name, const CsvFormat& format, Judged judged)
    : read_(std::move(read)),
      name_(std::move(name)),
      format_(format),
      buffer_(std::make_unique_for_overwrite<char[]>(kFirstBuffer)),
      capacity_(kFirstBuffer) {
  start(judged);
}

/// Reads until the rows to judge are in the buffer, or the text has ended. Rows that arrive one by
/// one are judged by those that are there with the first number, or with the second row, as a line
/// without a number may be a header.
void CsvTokens::read_sample(Judged judged) {
  std::size_t lines = 0;
  bool has_digit = false, has_numbers = false;
  for (std::size_t seen = first_; !is_last_ && filled_ < kLargestSample; read_on()) {
    for (; seen < filled_; ++seen) {
      const char c = buffer_[seen];
      has_digit |= c >= '0' && c <= '9';
      if (!is_line_end(c)) continue;
      has_numbers |= has_digit;
      if (seen > first_ && !is_line_end(buffer_[seen - 1])) ++lines;
    }
    if (lines >= kSampledRows) return;
    if (judged == Judged::kArrived && (has_numbers || lines > 1)) return;
  }
}

void CsvTokens::start(Judged judged) {
  while (filled_ < kByteOrderMark.size() && !is_last_) read_on();
  const std::string_view begin(buffer_.get(), filled_);
  if (begin.starts_with("\xff\xfe") || begin.starts_with("\xfe\xff"))
    throw DataError(name_ + ":1: the text is UTF-16; expected UTF-8");
  refuse_foreign(std::as_bytes(std::span(begin)), name_);
  if (begin.starts_with(kByteOrderMark)) first_ = kByteOrderMark.size();
  read_sample(judged);
  std::string_view text(buffer_.get() + first_, filled_ - first_);
  const std::optional<char> named = named_separator(text);
  if (named) {
    // A blank line is left of the line.
    const std::size_t count = kSeparatorLine.size() + 1;
    first_ += count;
    text.remove_prefix(count);
  }
  if (!is_last_) text = text.substr(0, text.find_last_of("\r\n") + 1);
  dialect_ = find_dialect(text, format_, named);
  rewind();
}

void CsvTokens::rewind() {
  position_ = first_;
  next_line_ = 1;
}

void CsvTokens::read_on() {
  if (is_last_) return;
  if (!keep_all_ && position_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + position_, filled_ - position_);
    filled_ -= position_;
    position_ = 0;
  }
  if (filled_ == capacity_) {
    if (filled_ >= kLongestRow)
      throw DataError(name_ + ":" + std::to_string(next_line_) + ": a row of more than " +
                      std::to_string(kLongestRow >> 20) +
                      " MiB begins here; expected shorter rows (is a quote never closed?)");
    auto larger = std::make_unique_for_overwrite<char[]>(2 * capacity_);
    std::copy_n(buffer_.get(), filled_, larger.get());
    buffer_ = std::move(larger);
    capacity_ *= 2;
  }
  const std::size_t got = read_({buffer_.get() + filled_, capacity_ - filled_});
  filled_ += got;
  is_last_ = got == 0;
}

void CsvTokens::skip_blanks() {
  while (next_ != end_ && is_blank(*next_)) ++next_;
}

/// Goes behind CR, LF or both; returns false if the text may go on with the second of them.
bool CsvTokens::skip_line_end() {
  if (*next_ == '\r') {
    if (next_ + 1 == end_ && !is_last_) return false;
    if (next_ + 1 != end_ && next_[1] == '\n') ++next_;
  }
  ++next_;
  ++next_line_;
  return true;
}

bool CsvTokens::ends_cell() const {
  return at_end() || is_line_end(*next_) || *next_ == dialect_.separator ||
         (has_blanks() && *next_ == '\t');
}

/// Adds a cell that ends before the next separator or line end.
void CsvTokens::plain_cell() {
  const char* const first = next_;
  const char separator = dialect_.separator;
  const char also = has_blanks() ? '\t' : separator;
  const char* p = next_;
  while (p != end_ && *p != separator && *p != also && *p != '\n' && *p != '\r') ++p;
  next_ = p;
  while (p != first && is_blank(p[-1])) --p;
  cells_.emplace_back(first, static_cast<std::size_t>(p - first));
}

/// Adds the cell whose quote opens here; returns false if it has not been read to its end.
bool CsvTokens::quoted_cell() {
  const std::size_t opening_line = next_line_;
  const char* const first = ++next_;
  bool doubled = false;
  for (;; ++next_) {
    if (at_end()) {
      if (!is_last_) return false;
      throw DataError(name_ + ":" + std::to_string(opening_line) +
                      ": a quote that opens here is never closed; expected a closing \"");
    }
    const char following = next_ + 1 == end_ ? '\0' : next_[1];
    if (*next_ == '"') {
      if (next_ + 1 == end_ && !is_last_) return false;
      if (following != '"') break;
      doubled = true;
      ++next_;
    } else if (*next_ == '\n' || (*next_ == '\r' && following != '\n')) {
      ++next_line_;
    }
  }
  const std::string_view raw(first, static_cast<std::size_t>(next_ - first));
  ++next_;
  if (!has_blanks()) skip_blanks();
  if (!ends_cell())
    throw DataError(name_ + ":" + std::to_string(next_line_) + ": found " + quote_cell({next_, 1}) +
                    " after a closing quote; expected a separator or the end of the line (a quote "
                    "within quotes is doubled)");
  if (doubled) {
    std::string& cell = unescaped_.emplace_back();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      cell += raw[i];
      if (raw[i] == '"') ++i;
    }
    cells_.emplace_back(cell);
  } else {
    cells_.push_back(raw);
  }
  return true;
}

/// Goes to the first cell of the next row; returns false at the end of the text read so far.
bool CsvTokens::skip_blank_lines() {
  for (;;) {
    skip_blanks();
    if (at_end()) return false;
    if (!is_line_end(*next_)) return true;
    if (!skip_line_end()) return false;
    position_ = static_cast<std::size_t>(next_ - buffer_.get());
  }
}

/// Splits the row that begins here; returns false if it has not been read to its end.
bool CsvTokens::scan_row() {
  for (;;) {
    skip_blanks();
    if (!at_end() && *next_ == '"') {
      if (!quoted_cell()) return false;
    } else {
      plain_cell();
    }
    if (has_blanks()) skip_blanks();  // those at the end of a row separate nothing
    if (at_end()) return is_last_;
    if (is_line_end(*next_)) return skip_line_end();
    if (!has_blanks()) ++next_;  // the separator
  }
}

bool CsvTokens::next_row_at_hand() {
  cells_.clear();
  unescaped_.clear();
  next_ = buffer_.get() + position_;
  end_ = buffer_.get() + filled_;
  if (!skip_blank_lines()) return false;
  line_ = next_line_;
  const char* const first = next_;
  if (!scan_row()) {
    next_line_ = line_;
    return false;
  }
  position_ = static_cast<std::size_t>(next_ - buffer_.get());
  const char* last = next_;
  while (last != first && (is_line_end(last[-1]) || is_blank(last[-1]))) --last;
  row_text_ = {first, static_cast<std::size_t>(last - first)};
  return true;
}

bool CsvTokens::next_row() {
  while (!next_row_at_hand()) {
    if (is_last_) return false;
    read_on();  // the last row of the text may lack a line end
  }
  return true;
}

}  // namespace nabla
