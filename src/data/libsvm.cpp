// SPDX-License-Identifier: MIT
#include "data/libsvm.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "nabla/base/error.h"

#include "base/mapped_file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/csv_cell.h"
#include "data/foreign_format.h"
#include "data/row_targets.h"
#include "data/source.h"

namespace nabla {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

/// Splits a text into lines without comments, and these into words.
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

  /// Returns the next word of the line; empty at its end.
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

  /// Reads the line; does nothing if it is blank.
  void parse_line(LibsvmLabels labels) {
    std::string_view word = words_.next();
    if (word.empty()) return;
    if (labels == LibsvmLabels::kRequired) {
      const double label = parse_value(word, "the label ");
      table_.labels.push_back(label);
      if (std::abs(label) >= kInexactIntegers) table_.long_labels.emplace(table_.rows(), word);
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
    // The conversion of a number beyond float's range is undefined.
    table_.fits_float = table_.fits_float && std::abs(value) <= std::numeric_limits<float>::max() &&
                        static_cast<double>(static_cast<float>(value)) == value;
    table_.indices.push_back(index);
    table_.values.push_back(value);
    if (index > table_.largest_index) {
      table_.largest_index = index;
      table_.largest_index_line = words_.number();
    }
    return index;
  }

  LibsvmTable& table_;
  Words& words_;
};

template <class T>
Matrix<T> fill(std::span<const LibsvmTable> tables, std::size_t rows, std::size_t inputs) {
  Matrix<T> matrix(rows, inputs);
  std::size_t next = 0;
  for (const LibsvmTable& table : tables)
    for (std::size_t row = 0; row < table.rows(); ++row, ++next)
      for (std::size_t i = table.starts[row]; i < table.starts[row + 1]; ++i)
        if (table.indices[i] <= inputs)
          matrix(next, table.indices[i] - 1) = static_cast<T>(table.values[i]);
  return matrix;
}

}  // namespace

LibsvmTable parse_libsvm(std::string_view text, const std::string& name, LibsvmLabels labels) {
  refuse_foreign(std::as_bytes(std::span(text)), name);
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

namespace {

using Tables = std::vector<LibsvmTable>;

/// Returns the rows of all tables, one after the other, as a dense matrix of `inputs` columns,
/// without the entries of larger indices: float if it holds each value exactly, else double. Throws
/// DataError if that would take more than half of the machine's memory.
Dataset::Features dense_features(std::span<const LibsvmTable> tables, std::size_t inputs) {
  std::size_t rows = 0;
  for (const LibsvmTable& table : tables) rows += table.rows();
  const bool fits_float = std::ranges::all_of(tables, &LibsvmTable::fits_float);
  const std::size_t most = physical_memory() / 2 / (fits_float ? sizeof(float) : sizeof(double));
  if (rows > most / std::max<std::size_t>(inputs, 1)) {
    const auto widest = std::ranges::max_element(tables, {}, &LibsvmTable::largest_index);
    const std::string reason = widest->largest_index == inputs
                                   ? ":" + std::to_string(widest->largest_index_line) +
                                         ": found the index " + std::to_string(inputs) +
                                         ", which makes "
                                   : ": found ";
    throw DataError(widest->name + reason + std::to_string(rows) + " rows of " +
                    std::to_string(inputs) + " numbers; expected at most " + std::to_string(most) +
                    " numbers, half of the memory");
  }
  if (fits_float) return fill<float>(tables, rows, inputs);
  return fill<double>(tables, rows, inputs);
}

/// Returns the number of features: that of the options, or the largest index of the training rows.
/// Throws DataError if an index of these is above it, or if they have no features.
std::size_t count_features(const DataOptions& options, const LibsvmTable& widest) {
  if (options.features == 0 && widest.largest_index == 0)
    throw DataError(widest.name + ": no features; expected index:value after some label");
  if (options.features == 0) return widest.largest_index;
  if (widest.largest_index > options.features)
    throw DataError(widest.name + ":" + std::to_string(widest.largest_index_line) +
                    ": found the index " + std::to_string(widest.largest_index) +
                    "; expected at most " + std::to_string(options.features) +
                    ", which data.features says");
  return options.features;
}

/// Counts the entries above `inputs`, which `whose` explains, in a warning for each table that has
/// any.
void warn_of_dropped(std::span<const LibsvmTable> tables, std::size_t inputs,
                     const std::string& whose, Dataset& dataset) {
  for (const LibsvmTable& table : tables) {
    if (table.largest_index <= inputs) continue;
    const auto dropped =
        std::ranges::count_if(table.indices, [&](std::uint32_t index) { return index > inputs; });
    dataset.warnings.push_back(table.name + ": " + std::to_string(dropped) +
                               (dropped == 1 ? " entry was dropped, whose index is above "
                                             : " entries were dropped, whose indices are above ") +
                               std::to_string(inputs) + ", " + whose + "; the largest is " +
                               std::to_string(table.largest_index) + " on line " +
                               std::to_string(table.largest_index_line));
  }
}

std::string_view text_of(const FileBytes& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

Tables read_tables(const DataOptions& options, const std::vector<std::filesystem::path>& files) {
  Tables tables;
  for (const std::filesystem::path& file : files) {
    const std::filesystem::path path = options.dir / file;
    tables.push_back(parse_libsvm(text_of(map_file(path)), path.string()));
  }
  return tables;
}

/// Refuses rows with so many inputs that nearly all of them are left out: a slip in one index makes
/// such rows of a small file, and they would take the memory all the same.
void require_plausible_inputs(const Tables& tables, const LibsvmTable& widest) {
  constexpr std::size_t kFreeNumbers = std::size_t{1} << 21;
  constexpr std::size_t kMostPerValue = 1000;
  std::size_t rows = 0;
  std::size_t values = 0;
  for (const LibsvmTable& table : tables) {
    rows += table.rows();
    values += table.values.size();
  }
  const std::size_t most = std::max(kFreeNumbers, kMostPerValue * values);
  if (rows <= most / widest.largest_index) return;
  throw DataError(widest.name + ":" + std::to_string(widest.largest_index_line) +
                  ": found the index " + std::to_string(widest.largest_index) + ", which makes " +
                  std::to_string(rows) + " rows of as many numbers, but only " +
                  std::to_string(values) + " of them are given; expected at least one in " +
                  std::to_string(kMostPerValue));
}

/// Sets the texts of all labels if double does not hold some of them exactly.
void set_label_texts(const Tables& tables, RowTargets& targets) {
  const auto is_exact = [](const LibsvmTable& table) { return table.long_labels.empty(); };
  if (std::ranges::all_of(tables, is_exact)) return;
  for (const LibsvmTable& table : tables)
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const auto label = table.long_labels.find(row);
      targets.texts.push_back(label == table.long_labels.end() ? number_text(table.labels[row])
                                                               : label->second);
    }
}

RowOrigin origin_of(std::span<const LibsvmTable> tables) {
  std::vector<RowOrigin::File> files;
  std::size_t first = 0;
  for (const LibsvmTable& table : tables) {
    files.push_back({.name = table.name, .first_row = first});
    for (std::size_t row = 0; row < table.rows(); ++row)
      if (row == 0 || table.lines[row] != table.lines[row - 1] + 1)
        files.back().runs.push_back({first + row, table.lines[row]});
    first += table.rows();
  }
  return RowOrigin(std::move(files));
}

Dataset make_dataset(const Tables& tables, std::size_t inputs, TaskChoice task,
                     const std::vector<std::string>& classes) {
  Dataset dataset;
  dataset.features = dense_features(tables, inputs);
  dataset.origin = origin_of(tables);
  RowTargets targets;
  targets.values = Matrix<double>(dataset.rows(), 1);
  double* next = targets.values.data();
  for (const LibsvmTable& table : tables) next = std::ranges::copy(table.labels, next).out;
  set_label_texts(tables, targets);
  targets.place = [&](std::size_t row) { return dataset.origin.place(row); };
  set_targets(std::move(targets), task, classes, dataset);
  return dataset;
}

}  // namespace

SourceRows read_libsvm_source(const DataOptions& options) {
  const Tables train = read_tables(options, options.train);
  const Tables test = read_tables(options, options.test);
  const auto widest = std::ranges::max_element(train, {}, &LibsvmTable::largest_index);
  const std::size_t inputs = count_features(options, *widest);
  if (options.features == 0) require_plausible_inputs(train, *widest);

  SourceRows rows;
  rows.train = make_dataset(train, inputs, options.csv.task, options.csv.classes);
  rows.train_name = train.front().name;
  if (test.empty()) return rows;
  rows.test = make_dataset(test, inputs, chosen_task(rows.train.task), rows.train.classes);
  rows.test_name = test.front().name;
  warn_of_dropped(test, inputs,
                  options.features == 0 ? "the largest of the training rows" : "data.features",
                  rows.test);
  return rows;
}

Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t inputs) {
  const LibsvmTable table = parse_libsvm(text, name, LibsvmLabels::kIgnored);
  Dataset dataset;
  dataset.features = dense_features({&table, 1}, inputs);
  dataset.origin = origin_of({&table, 1});
  warn_of_dropped({&table, 1}, inputs, "the model's inputs", dataset);
  return dataset;
}

Dataset read_libsvm_features(const std::filesystem::path& file, std::size_t inputs) {
  const FileBytes content = map_file(file);
  return parse_libsvm_features(text_of(content), file.string(), inputs);
}

}  // namespace nabla
