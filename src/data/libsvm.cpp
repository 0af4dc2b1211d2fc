// SPDX-License-Identifier: MIT
#include "data/libsvm.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "nabla/base/error.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "data/csv_cell.h"

namespace nabla {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

/// Splits a text into lines without comments and these into words.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool next_line() {
    if (text_.empty()) return false;
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    line_ = text_.substr(0, end);
    line_ = line_.substr(0, line_.find('#'));
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }

  /// The next word of the line; empty at its end.
  std::string_view next() {
    line_.remove_prefix(std::min(line_.find_first_not_of(kBlanks), line_.size()));
    const std::string_view word = line_.substr(0, line_.find_first_of(kBlanks));
    line_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t number_ = 0;
};

class Parser {
 public:
  Parser(LibsvmTable& table, Words& words) : table_(table), words_(words) {}

  /// Reads the line; nothing where it is blank.
  void parse_line(LibsvmLabels labels) {
    std::string_view word = words_.next();
    if (word.empty()) return;
    if (labels == LibsvmLabels::kRequired) {
      const double label = parse_value(word, "the label ");
      table_.labels.push_back(label);
      table_.has_whole_labels = table_.has_whole_labels && label == std::floor(label);
    }
    if (labels == LibsvmLabels::kRequired || word.find(':') == std::string_view::npos)
      word = words_.next();
    std::uint32_t last = 0;
    for (; !word.empty(); word = words_.next()) last = parse_entry(word, last);
    table_.lines.push_back(words_.number());
    table_.starts.push_back(table_.values.size());
  }

 private:
  std::string place() const { return table_.name + ":" + std::to_string(words_.number()) + ": "; }

  double parse_value(std::string_view word, const std::string& what) const {
    double value = 0;
    const CellKind kind = parse_number(word, value);
    if (kind != CellKind::kNumber) throw_not_a_number(place() + what, kind, word);
    return value;
  }

  std::uint32_t parse_entry(std::string_view word, std::uint32_t last) {
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos)
      throw DataError(place() + "found " + quote_cell(word) + "; expected index:value");
    if (word.starts_with("qid:"))
      throw DataError(place() + "found " + quote_cell(word) +
                      "; expected no query ids, which belong to rankings");
    std::uint32_t index = 0;
    const char* const end = word.data() + colon;
    const auto [stop, error] = std::from_chars(word.data(), end, index);
    if (error != std::errc() || stop != end || index == 0)
      throw DataError(place() + "found the index " + quote_cell(word.substr(0, colon)) +
                      "; expected a whole number from 1 to 4294967295" +
                      (word.starts_with("0:") ? " (are the indices counted from 0?)" : ""));
    if (index <= last)
      throw DataError(place() + "found the index " + std::to_string(index) + " after " +
                      std::to_string(last) + "; expected ascending indices");
    const double value =
        parse_value(word.substr(colon + 1), "index " + std::to_string(index) + ": ");
    // Beyond float's range the conversion would have no value.
    table_.fits_float = table_.fits_float && std::abs(value) <= std::numeric_limits<float>::max() &&
                        static_cast<double>(static_cast<float>(value)) == value;
    table_.indices.push_back(index);
    table_.values.push_back(value);
    if (index > table_.width) {
      table_.width = index;
      table_.widest_line = words_.number();
    }
    return index;
  }

  LibsvmTable& table_;
  Words& words_;
};

template <class T>
Matrix<T> fill(std::span<const LibsvmTable> tables, std::size_t rows, std::size_t width) {
  Matrix<T> matrix(rows, width);
  std::size_t next = 0;
  for (const LibsvmTable& table : tables)
    for (std::size_t row = 0; row < table.rows(); ++row, ++next)
      for (std::size_t i = table.starts[row]; i < table.starts[row + 1]; ++i)
        matrix(next, table.indices[i] - 1) = static_cast<T>(table.values[i]);
  return matrix;
}

}  // namespace

std::string LibsvmTable::place(std::size_t row) const {
  return name + ":" + std::to_string(lines[row]);
}

LibsvmTable parse_libsvm(std::string_view text, const std::string& name, LibsvmLabels labels) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Words words(text);
  LibsvmTable table;
  table.name = name;
  table.starts.push_back(0);
  Parser parser(table, words);
  while (words.next_line()) parser.parse_line(labels);
  if (table.rows() == 0)
    throw DataError(table.name + ": no rows; expected lines of a label and index:value");
  return table;
}

Dataset::Features dense_features(std::span<const LibsvmTable> tables, std::size_t width) {
  std::size_t rows = 0;
  for (const LibsvmTable& table : tables) rows += table.rows();
  const bool fits_float = std::ranges::all_of(tables, &LibsvmTable::fits_float);
  const std::size_t most = physical_memory() / 2 / (fits_float ? sizeof(float) : sizeof(double));
  if (rows > most / std::max<std::size_t>(width, 1)) {
    const auto widest = std::ranges::max_element(tables, {}, &LibsvmTable::width);
    throw DataError(widest->name + ":" + std::to_string(widest->widest_line) +
                    ": found the index " + std::to_string(widest->width) + ", which makes " +
                    std::to_string(rows) + " rows of " + std::to_string(width) +
                    " numbers; expected at most " + std::to_string(most) +
                    " numbers, half of the memory");
  }
  if (fits_float) return fill<float>(tables, rows, width);
  return fill<double>(tables, rows, width);
}

void require_width(const LibsvmTable& table, std::size_t width, const std::string& whose) {
  if (table.width > width)
    throw DataError(table.name + ":" + std::to_string(table.widest_line) + ": found the index " +
                    std::to_string(table.width) + "; expected at most " + std::to_string(width) +
                    ", " + whose);
}

}  // namespace nabla
