// SPDX-License-Identifier: MIT
#include "data/csv_tokens.h"

#include <utility>

#include "nabla/base/error.h"

#include "data/csv_cell.h"

namespace nabla {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/// The separator of a text, by its first line that is not blank.
char find_separator(std::string_view text) {
  bool quoted = false;
  bool filled = false;
  std::size_t tabs = 0, semicolons = 0, commas = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (is_line_end(c)) {
      if (filled) break;
      tabs = 0;
    }
    tabs += c == '\t';
    semicolons += c == ';';
    commas += c == ',';
    filled |= c != ' ' && c != '\t' && !is_line_end(c);
  }
  // Commas beside semicolons are decimal commas or text; tabs after separators are mere layout.
  const std::size_t others = semicolons > 0 ? semicolons : commas;
  if (tabs > others) return '\t';
  return semicolons > 0 ? ';' : ',';
}

}  // namespace

CsvTokens::CsvTokens(std::string_view text, std::string name)
    : text_(text), name_(std::move(name)) {
  if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff"))
    throw DataError(name_ + ":1: the text is UTF-16; expected UTF-8");
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  separator_ = find_separator(text_);
}

void CsvTokens::skip_blanks() {
  while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
}

void CsvTokens::skip_line_end() {
  if (position_ == text_.size()) return;
  position_ += text_.substr(position_).starts_with("\r\n") ? 2 : 1;
  ++next_line_;
}

std::string_view CsvTokens::plain_cell() {
  const std::size_t first = position_;
  while (position_ < text_.size() && text_[position_] != separator_ &&
         !is_line_end(text_[position_])) {
    ++position_;
  }
  std::size_t last = position_;
  while (last > first && is_blank(text_[last - 1])) --last;
  return text_.substr(first, last - first);
}

std::string_view CsvTokens::quoted_cell() {
  const std::size_t opening_line = next_line_;
  const std::size_t first = ++position_;
  bool doubled = false;
  for (;; ++position_) {
    if (position_ == text_.size())
      throw DataError(name_ + ":" + std::to_string(opening_line) +
                      ": a quote that opens here is never closed; expected a closing \"");
    const char c = text_[position_];
    if (c == '"') {
      if (!text_.substr(position_ + 1).starts_with('"')) break;
      doubled = true;
      ++position_;
    } else if (c == '\n' || (c == '\r' && !text_.substr(position_ + 1).starts_with('\n'))) {
      ++next_line_;
    }
  }
  const std::string_view raw = text_.substr(first, position_ - first);
  ++position_;
  skip_blanks();
  if (position_ < text_.size() && text_[position_] != separator_ &&
      !is_line_end(text_[position_])) {
    throw DataError(name_ + ":" + std::to_string(next_line_) + ": found " +
                    quote_cell(text_.substr(position_, 1)) +
                    " after a closing quote; expected a separator or the end of the line (a quote "
                    "within quotes is doubled)");
  }
  if (!doubled) return raw;
  std::string& cell = unescaped_.emplace_back();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    cell += raw[i];
    if (raw[i] == '"') ++i;
  }
  return cell;
}

bool CsvTokens::next_row() {
  cells_.clear();
  for (;;) {
    skip_blanks();
    if (position_ == text_.size()) return false;
    if (!is_line_end(text_[position_])) break;
    skip_line_end();
  }
  line_ = next_line_;
  for (;;) {
    skip_blanks();
    const bool quoted = position_ < text_.size() && text_[position_] == '"';
    cells_.push_back(quoted ? quoted_cell() : plain_cell());
    if (position_ == text_.size() || is_line_end(text_[position_])) break;
    ++position_;  // the separator
  }
  skip_line_end();
  return true;
}

}  // namespace nabla
