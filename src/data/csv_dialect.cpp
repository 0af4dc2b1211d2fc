// SPDX-License-Identifier: MIT
#include "data/csv_dialect.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "data/csv_cell.h"

namespace nabla {

namespace {

constexpr std::string_view kLineEnds = "\r\n";
constexpr std::string_view kSpaces = " \t";

struct SampledCell {
  std::string_view text;
  bool quoted;
};
using SampledRow = std::vector<SampledCell>;

/// Splits a text into rows of cells as CsvTokens does, which is faster but throws where the text is
/// no table by this separator.
class Sample {
 public:
  Sample(std::string_view text, char separator) : rest_(text), separator_(separator) {
    while (rows_.size() < kSampledRows && skip_blank_lines()) split_row();
    // The text may end within the quotes of a row that goes on.
    if (is_open_ && rows_.size() > 1) rows_.pop_back();
  }

  const std::vector<SampledRow>& rows() const { return rows_; }

  /// Returns the cells of each row, more than one; 0 if the rows differ.
  std::size_t width() const {
    if (is_malformed_ || rows_.empty() || rows_[0].size() < 2) return 0;
    const auto is_other = [&](const SampledRow& row) { return row.size() != rows_[0].size(); };
    return std::ranges::any_of(rows_, is_other) ? 0 : rows_[0].size();
  }

 private:
  bool separates(char c) const {
    return separator_ == kBlanksSeparator ? kSpaces.find(c) != std::string_view::npos
                                          : c == separator_;
  }

  void skip_blanks() {
    while (!rest_.empty() && kSpaces.find(rest_[0]) != std::string_view::npos &&
           (separator_ == kBlanksSeparator || rest_[0] != separator_))
      rest_.remove_prefix(1);
  }

  bool at_line_end() const {
    return rest_.empty() || kLineEnds.find(rest_[0]) != std::string_view::npos;
  }

  /// Goes to the next row; returns false if there is none.
  bool skip_blank_lines() {
    const std::size_t first = rest_.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return false;
    // Tabs in front of the first text of a line are empty cells if they separate.
    const std::size_t line_end = rest_.substr(0, first).find_last_of(kLineEnds);
    rest_.remove_prefix(line_end == std::string_view::npos ? 0 : line_end + 1);
    return true;
  }

  void split_row() {
    SampledRow& row = rows_.emplace_back();
    for (;;) {
      skip_blanks();
      if (separator_ == kBlanksSeparator && at_line_end()) return;
      row.push_back(take_cell());
      if (at_line_end()) return;
      rest_.remove_prefix(1);  // the separator
    }
  }

  /// Takes a cell up to the separator behind it.
  SampledCell take_cell() {
    if (!rest_.empty() && rest_[0] == '"') return take_quoted();
    std::size_t end = 0;
    while (end < rest_.size() && !separates(rest_[end]) && rest_[end] != '\n' && rest_[end] != '\r')
      ++end;
    std::string_view cell = rest_.substr(0, end);
    rest_.remove_prefix(end);
    cell = cell.substr(0, cell.find_last_not_of(kSpaces) + 1);
    return {cell, false};
  }

  SampledCell take_quoted() {
    std::size_t end = 1;
    for (; end < rest_.size(); ++end) {
      if (rest_[end] != '"') continue;
      if (end + 1 == rest_.size() || rest_[end + 1] != '"') break;
      ++end;
    }
    is_open_ = end >= rest_.size();
    const std::string_view cell = rest_.substr(1, std::min(end, rest_.size()) - 1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (separator_ != kBlanksSeparator) skip_blanks();
    if (!at_line_end() && !separates(rest_[0])) {
      is_malformed_ = true;
      while (!at_line_end() && !separates(rest_[0])) rest_.remove_prefix(1);
    }
    return {cell, true};
  }

  std::string_view rest_;
  char separator_;
  std::vector<SampledRow> rows_;
  bool is_malformed_ = false;
  bool is_open_ = false;  ///< the last quote is not closed
};

/// Returns whether the text is numbers with blanks between them.
bool has_several_numbers(const SampledCell& cell) {
  if (cell.quoted) return false;
  std::size_t numbers = 0;
  for (std::string_view rest = cell.text; !rest.empty(); ++numbers) {
    const std::string_view word = rest.substr(0, rest.find_first_of(kSpaces));
    if (!is_numeric(word, '.') && !is_numeric(word, ',')) return false;
    rest.remove_prefix(word.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpaces), rest.size()));
  }
  return numbers > 1;
}

bool has_several_numbers(const Sample& sample) {
  return std::ranges::any_of(sample.rows(), [](const SampledRow& row) {
    return std::ranges::any_of(row, [](const SampledCell& c) { return has_several_numbers(c); });
  });
}

/// Returns whether some cell holds a comma and each that does is a number with a decimal comma. The
/// first of several rows may be a header.
bool has_decimal_commas(const Sample& sample) {
  const std::vector<SampledRow>& rows = sample.rows();
  bool found = false;
  for (const SampledRow& row : rows)
    for (const SampledCell& cell : row) {
      if (cell.text.find(',') == std::string_view::npos) continue;
      const bool is_number = is_numeric(cell.text, ',');
      if (!is_number && (&row != rows.data() || rows.size() == 1)) return false;
      found = found || is_number;
    }
  return found;
}

constexpr char kCharacters[] = {',', ';', '\t'};

/// Returns the character by which the rows have equally many cells.
std::optional<char> find_character(std::string_view text) {
  std::optional<char> best;
  std::size_t most = 0;
  bool is_comma_decimal = false;  // and so separates nothing
  for (const char separator : kCharacters) {
    const Sample sample(text, separator);
    const std::size_t width = sample.width();
    if (width == 0) continue;
    if (separator != ',' && has_decimal_commas(sample)) is_comma_decimal = true;
    if (width <= most && !(best == ',' && is_comma_decimal)) continue;
    best = separator;
    most = width;
  }
  return best;
}

/// Returns whether blanks give equally many cells and no comma or semicolon is left between them.
bool blanks_separate(std::string_view text) {
  const Sample sample(text, kBlanksSeparator);
  if (sample.width() == 0) return false;
  const auto is_mark = [](char c) { return c == ',' || c == ';'; };
  const auto is_torn = [&](const SampledCell& cell) {
    return !cell.quoted && !cell.text.empty() &&
           (is_mark(cell.text.front()) || is_mark(cell.text.back()));
  };
  return std::ranges::none_of(
      sample.rows(), [&](const SampledRow& row) { return std::ranges::any_of(row, is_torn); });
}

/// Returns the character that most likely separates the first row.
char separator_of_first_row(std::string_view text) {
  for (const char separator : {'\t', ';'}) {
    const Sample sample(text, separator);
    if (!sample.rows().empty() && sample.rows()[0].size() > 1) return separator;
  }
  return ',';
}

char find_separator(std::string_view text) {
  std::optional<char> separator = find_character(text);
  if (!separator && blanks_separate(text)) return kBlanksSeparator;
  if (!separator) separator = separator_of_first_row(text);
  return has_several_numbers(Sample(text, *separator)) ? kBlanksSeparator : *separator;
}

char separator_of(std::string_view text, CsvSeparator choice) {
  switch (choice) {
    case CsvSeparator::kAuto:
      return find_separator(text);
    case CsvSeparator::kComma:
      return ',';
    case CsvSeparator::kSemicolon:
      return ';';
    case CsvSeparator::kTab:
      return '\t';
    case CsvSeparator::kBlanks:
      return kBlanksSeparator;
  }
  return ',';
}

}  // namespace

CsvDialect find_dialect(std::string_view text, const CsvFormat& format, std::optional<char> named) {
  CsvDialect dialect;
  dialect.separator = named && format.separator == CsvSeparator::kAuto
                          ? *named
                          : separator_of(text, format.separator);
  const bool is_comma =
      format.decimal == CsvDecimal::kAuto
          ? dialect.separator != ',' && has_decimal_commas(Sample(text, dialect.separator))
          : format.decimal == CsvDecimal::kComma;
  if (is_comma) dialect.decimal = ',';
  return dialect;
}

}  // namespace nabla
