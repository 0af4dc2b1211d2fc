// SPDX-License-Identifier: MIT
#include "data/libsvm.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"

#include "base/input_stream.h"
#include "base/memory.h"
#include "data/csv_cell.h"
#include "data/row_targets.h"
#include "data/source.h"
#include "data/text_lines.h"

namespace nabla {

namespace {

bool is_libsvm_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Splits a line into words.
class Words {
 public:
  /// What stands behind '#' is a comment.
  explicit Words(std::string_view line)
      : next_(line.data()), end_(line.data() + std::min(line.find('#'), line.size())) {}

  /// Returns the next word; empty at the end of the line.
  std::string_view next() {
    while (next_ != end_ && is_libsvm_blank(*next_)) ++next_;
    const char* const first = next_;
    while (next_ != end_ && !is_libsvm_blank(*next_)) ++next_;
    return {first, static_cast<std::size_t>(next_ - first)};
  }

 private:
  const char* next_;
  const char* end_;
};

std::string line_place(const TextLines& lines) {
  return lines.name() + ":" + std::to_string(lines.number()) + ": ";
}

double parse_libsvm_number(std::string_view word, const TextLines& lines, const std::string& what) {
  double value = 0;
  const CellKind kind = parse_number(word, value);
  if (kind != CellKind::kNumber) throw_not_a_number(line_place(lines) + what, kind, word);
  return value;
}

struct IndexedValue {
  std::uint32_t index;
  double value;
};

/// Reads "index:value". `last` is the index before it, or 0.
IndexedValue parse_indexed_value(std::string_view word, std::uint32_t last,
                                 const TextLines& lines) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos)
    throw DataError(line_place(lines) + "found " + quote_cell(word) + "; expected index:value");
  if (word.starts_with("qid:"))
    throw DataError(line_place(lines) + "found " + quote_cell(word) +
                    "; expected no query ids, which belong to rankings");
  std::uint32_t index = 0;
  const char* const end = word.data() + colon;
  const auto [stop, error] = std::from_chars(word.data(), end, index);
  if (error != std::errc() || stop != end || index == 0)
    throw DataError(line_place(lines) + "found the index " + quote_cell(word.substr(0, colon)) +
                    "; expected a whole number from 1 to 4294967295" +
                    (word.starts_with("0:") ? " (are the indices counted from 0?)" : ""));
  if (index <= last)
    throw DataError(line_place(lines) + "found the index " + std::to_string(index) + " after " +
                    std::to_string(last) + "; expected ascending indices");
  double value = 0;
  const std::string_view number = word.substr(colon + 1);
  if (parse_number(number, value) != CellKind::kNumber)
    parse_libsvm_number(number, lines, "index " + std::to_string(index) + ": ");
  return {index, value};
}

}  // namespace

void LibsvmRows::read(ReadText text, const std::string& name) {
  TextLines lines(std::move(text), name);
  const std::size_t first_row = entries_.rows();
  files_.push_back({.name = name, .first_row = first_row});
  std::size_t last_line = 0;
  std::size_t dropped = 0;
  std::uint32_t largest = 0;
  std::size_t largest_line = 0;
  while (lines.next()) {
    Words words(lines.line());
    std::string_view word = words.next();
    if (word.empty()) continue;
    const std::size_t row = entries_.rows();
    if (labels_are_ == Labels::kRequired) {
      const double label = parse_libsvm_number(word, lines, "the label ");
      labels_.push_back(label);
      if (std::abs(label) >= kInexactIntegers) long_labels_.emplace(row, word);
    }
    if (labels_are_ == Labels::kRequired || word.find(':') == std::string_view::npos)
      word = words.next();
    std::uint32_t last = 0;
    for (; !word.empty(); word = words.next()) {
      const auto [index, value] = parse_indexed_value(word, last, lines);
      last = index;
      if (index > limit_)
        ++dropped;
      else if (value != 0)
        entries_.add(index - 1, value);
    }
    entries_.end_row();
    if (last > largest) {
      largest = last;
      largest_line = lines.number();
    }
    if (row == first_row || lines.number() != last_line + 1)
      files_.back().runs.push_back({row, lines.number()});
    last_line = lines.number();
  }
  if (entries_.rows() == first_row)
    throw DataError(name + ": no rows; expected lines of a label and index:value");
  if (dropped > 0)
    warnings_.push_back(name + ": " + std::to_string(dropped) +
                        (dropped == 1 ? " entry was dropped, whose index is above "
                                      : " entries were dropped, whose indices are above ") +
                        std::to_string(limit_) + ", " + whose_ + "; the largest is " +
                        std::to_string(largest) + " on line " + std::to_string(largest_line));
  if (largest > largest_index_) {
    largest_index_ = largest;
    largest_index_file_ = name;
    largest_index_line_ = largest_line;
  }
}

std::string LibsvmRows::largest_index_place() const {
  return largest_index_file_ + ":" + std::to_string(largest_index_line_) + ": ";
}

Dataset LibsvmRows::finish_features(std::size_t inputs) {
  Dataset dataset;
  dataset.features = entries_.finish(inputs);
  dataset.origin = RowOrigin(std::move(files_));
  dataset.warnings = std::move(warnings_);
  return dataset;
}

Dataset LibsvmRows::finish(std::size_t inputs, TaskChoice task,
                           const std::vector<std::string>& classes) {
  Dataset dataset = finish_features(inputs);
  std::vector<std::string> warnings = std::move(dataset.warnings);
  dataset.warnings.clear();
  RowTargets targets;
  targets.values = Matrix<double>(labels_.size(), 1);
  std::ranges::copy(labels_, targets.values.data());
  // Texts of all labels, if double does not hold some of them exactly.
  for (std::size_t row = 0; row < labels_.size() && !long_labels_.empty(); ++row) {
    const auto label = long_labels_.find(row);
    targets.texts.push_back(label == long_labels_.end() ? number_text(labels_[row])
                                                        : label->second);
  }
  targets.place = [&](std::size_t row) { return dataset.origin.place(row); };
  set_targets(std::move(targets), task, classes, dataset);
  dataset.warnings.insert(dataset.warnings.end(), warnings.begin(), warnings.end());
  return dataset;
}

namespace {

/// Features that training rows may have, however few their entries are.
constexpr std::size_t kFreeFeatures = std::size_t{1} << 20;

/// Bytes that a feature may take without any entry: numbers of counts, ranges and descriptions.
constexpr std::size_t kBytesPerFeature = 256;

/// Returns the number of features: that of the options, or the largest index of the training rows.
/// Throws DataError if an index of these is above it, if they have no features, or if they have
/// far more features than entries: a slip in one index makes such rows, whose weights would take
/// the memory all the same.
std::size_t count_features(const DataOptions& options, const LibsvmRows& train) {
  const std::size_t largest = train.largest_index();
  if (options.features > 0) {
    if (largest > options.features)
      throw DataError(train.largest_index_place() + "found the index " + std::to_string(largest) +
                      "; expected at most " + std::to_string(options.features) +
                      ", which data.features says");
    const std::size_t most = physical_memory() / kBytesPerFeature;
    if (options.features > most)
      throw ConfigError("data.features",
                        std::to_string(options.features) +
                            " features would take more than the memory of this machine, expected "
                            "at most " +
                            std::to_string(most));
    return options.features;
  }
  if (largest == 0)
    throw DataError((options.dir / options.train.front()).string() +
                    ": no features; expected index:value after some label");
  if (largest > std::max(kFreeFeatures, train.entries()))
    throw DataError(train.largest_index_place() + "found the index " + std::to_string(largest) +
                    ", which makes more features than the " + std::to_string(train.entries()) +
                    " entries of all rows; expected fewer than these or than " +
                    std::to_string(kFreeFeatures) + ", or the number in data.features");
  return largest;
}

void read_libsvm_files(const DataOptions& options, const std::vector<std::filesystem::path>& files,
                       LibsvmRows& rows) {
  for (const std::filesystem::path& file : files) {
    const std::filesystem::path path = options.dir / file;
    rows.read(read_from(InputStream::open(path)), path.string());
  }
}

Dataset finish_model_features(ReadText text, const std::string& name, std::size_t inputs) {
  LibsvmRows rows(LibsvmRows::Labels::kIgnored, inputs, "the model's inputs");
  rows.read(std::move(text), name);
  return rows.finish_features(inputs);
}

}  // namespace

SourceRows read_libsvm_source(const DataOptions& options) {
  const bool is_known = options.known_features > 0;
  LibsvmRows train = is_known ? LibsvmRows(LibsvmRows::Labels::kRequired, options.known_features,
                                           "the model's inputs")
                              : LibsvmRows(LibsvmRows::Labels::kRequired);
  read_libsvm_files(options, options.train, train);
  const std::size_t inputs = is_known ? options.known_features : count_features(options, train);
  SourceRows rows;
  rows.train = train.finish(inputs, options.csv.task, options.csv.classes);
  rows.train_name = (options.dir / options.train.front()).string();
  if (options.test.empty()) return rows;
  LibsvmRows test(LibsvmRows::Labels::kRequired, inputs,
                  is_known                ? "the model's inputs"
                  : options.features == 0 ? "the largest of the training rows"
                                          : "data.features");
  read_libsvm_files(options, options.test, test);
  rows.test = test.finish(inputs, chosen_task(rows.train.task), rows.train.classes);
  rows.test_name = (options.dir / options.test.front()).string();
  return rows;
}

Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t inputs) {
  return finish_model_features(read_from(text), name, inputs);
}

Dataset read_libsvm_features(const std::filesystem::path& file, std::size_t inputs) {
  return finish_model_features(read_from(InputStream::open(file)), file.string(), inputs);
}

}  // namespace nabla
