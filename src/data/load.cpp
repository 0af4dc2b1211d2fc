// SPDX-License-Identifier: MIT
#include "data/load.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "base/option_values.h"
#include "base/random.h"
#include "data/csv.h"
#include "data/epoch_order.h"
#include "data/missing_values.h"
#include "data/option_rows.h"
#include "data/source.h"

namespace nabla {

namespace {

/// Returns how many of `rows` rows the key takes from the training rows: a fraction of them if
/// `wanted` is below 1, else so many.
std::size_t taken_rows(const char* key, double wanted, std::size_t rows) {
  const double count = wanted < 1 ? std::round(wanted * static_cast<double>(rows)) : wanted;
  if (wanted > 0 && count == 0)
    throw ConfigError(key, write_number(wanted) + " of " + std::to_string(rows) +
                               " rows is no row, expected a larger fraction");
  if (count >= static_cast<double>(rows))
    throw ConfigError(key, write_number(wanted) +
                               " leaves no row to train on, expected less than the " +
                               std::to_string(rows) + " training rows");
  return static_cast<std::size_t>(count);
}

/// Returns 0, 1, …, rows − 1 in an order drawn from the seed.
std::vector<std::uint32_t> shuffled_rows(std::size_t rows, std::uint64_t seed) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0u);
  Random random(seed, Stream::kValidationSplit);
  shuffle(order, random);
  return order;
}

/// Returns first, first + 1, …
std::vector<std::uint32_t> row_range(std::size_t first, std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  return rows;
}

/// Returns how many of `count` rows, drawn from these, each class gives: its share rounded down,
/// and one more of those with the largest remainders, of equals the earlier class.
std::vector<std::size_t> class_shares(const std::vector<std::uint32_t>& rows, const Dataset& data,
                                      std::size_t count) {
  std::vector<std::size_t> members(data.classes.size());
  for (const std::uint32_t row : rows) ++members[data.labels[row]];
  std::vector<std::size_t> shares;
  std::size_t left = count;
  for (const std::size_t of_class : members) {
    shares.push_back(count * of_class / rows.size());
    left -= shares.back();
  }
  std::vector<std::uint32_t> by_remainder = row_range(0, members.size());
  std::ranges::stable_sort(by_remainder, std::greater{}, [&](std::uint32_t label) {
    return count * members[label] % rows.size();
  });
  for (std::size_t i = 0; i < left; ++i) ++shares[by_remainder[i]];
  return shares;
}

/// Takes the last `count` rows of the order away and returns them; stratified, the last rows of
/// each class.
std::vector<std::uint32_t> take_last(std::vector<std::uint32_t>& order, std::size_t count,
                                     const Dataset& data, SplitOrder split) {
  std::vector<std::uint32_t> taken;
  if (split != SplitOrder::kStratified) {
    const auto first = order.end() - static_cast<std::ptrdiff_t>(count);
    taken.assign(first, order.end());
    order.erase(first, order.end());
    return taken;
  }
  std::vector<std::size_t> shares = class_shares(order, data, count);
  std::vector<std::uint32_t> kept;
  for (auto row = order.rbegin(); row != order.rend(); ++row) {
    std::size_t& share = shares[data.labels[*row]];
    (share > 0 ? taken : kept).push_back(*row);
    if (share > 0) --share;
  }
  std::ranges::reverse(taken);
  std::ranges::reverse(kept);
  order = std::move(kept);
  return taken;
}

/// The rows of the training table in each part of the split.
struct SplitRows {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
};

SplitRows split_rows(const DataOptions& options, const Dataset& data) {
  const std::size_t rows = data.rows();
  const std::size_t test = taken_rows("data.test", options.test_fraction, rows);
  const std::size_t validation = taken_rows("data.validation", options.validation, rows - test);
  const SplitOrder order = split_order(options, data.task);
  if (order == SplitOrder::kStratified)
    require_task(Task::kClassification, data.task, "data.validation-shuffle", "yes, no");
  SplitRows split;
  split.train = order == SplitOrder::kAsRead || validation + test == 0
                    ? row_range(0, rows)
                    : shuffled_rows(rows, options.split_seed);
  split.test = take_last(split.train, test, data, order);
  split.validation = take_last(split.train, validation, data, order);
  if (options.limit > 0) split.train.resize(std::min(options.limit, split.train.size()));
  return split;
}

/// Returns the rows as a data set of their own. Rows that lie one behind another stay where they
/// are.
Dataset part_of(const Dataset& data, const std::vector<std::uint32_t>& rows) {
  const bool is_range = std::ranges::adjacent_find(rows, [](std::uint32_t a, std::uint32_t b) {
                          return b != a + 1;
                        }) == rows.end();
  return is_range ? slice(data, rows.empty() ? 0 : rows.front(), rows.size()) : select(data, rows);
}

/// Makes inputs of the categories of all rows: those of the training rows, or those that the
/// options know beforehand.
void expand_categories(const CsvOptions& options, const SplitRows& split, SourceRows& source) {
  CategoryRows& train = *source.train_categories;
  const OneHot one_hot = options.known_one_hot ? *options.known_one_hot : train.fit(split.train);
  CategoryRows* const test = source.test_categories.get();
  if (options.unknown_category == UnknownCategory::kError) {
    for (const auto* rows : {&split.train, &split.validation, &split.test})
      train.require_known(*rows, one_hot);
    if (test != nullptr) test->require_known(row_range(0, source.test.rows()), one_hot);
  }
  train.expand(one_hot, source.train);
  if (test != nullptr) test->expand(one_hot, source.test);
}

/// Refuses a list that is one file whose name has a comma.
void require_names_without_comma(const char* key, const DataOptions& options,
                                 const std::vector<std::filesystem::path>& files) {
  if (files.size() < 2 || std::filesystem::exists(options.dir / files.front())) return;
  for (const char* separator : {",", ", "}) {
    // Each file of the list may have become an absolute path by itself.
    std::string name = files.front().string();
    for (auto file = files.begin() + 1; file != files.end(); ++file)
      name += separator + file->filename().string();
    if (std::filesystem::exists(options.dir / name))
      throw ConfigError(key, "'" + name +
                                 "' is one file, but commas separate the files of a list; expected "
                                 "a name without comma");
  }
}

/// Names the file of rows whose reader does not know of lines.
void set_origin(const std::string& file, Dataset& rows) {
  if (rows.origin.empty() && !file.empty()) rows.origin = RowOrigin({{.name = file}});
}

}  // namespace

DataSplit load_rows(const DataOptions& options) {
  validate(options);
  require_names_without_comma("data.train", options, options.train);
  require_names_without_comma("data.test", options, options.test);
  SourceRows rows = traits_of(options.source).read(options);
  if (rows.train.rows() == 0)
    throw DataError(rows.train_name + ": no training rows, expected one or more");
  const auto check = [&](const Dataset& part, const std::string& name) {
    if (part.rows() > 0 && part.inputs() != rows.train.inputs())
      throw DataError(name + ": " + std::to_string(part.inputs()) + " features, expected " +
                      std::to_string(rows.train.inputs()) + " as in " + rows.train_name);
  };
  check(rows.validation, rows.validation_name);
  check(rows.test, rows.test_name);
  if (options.test_fraction > 0 && rows.test.rows() > 0)
    throw ConfigError("data.test", write_number(options.test_fraction) + " contradicts the " +
                                       std::to_string(rows.test.rows()) + " test rows of " +
                                       rows.test_name + ", expected it without test rows");
  const SplitRows split = split_rows(options, rows.train);
  if (rows.train_categories) expand_categories(options.csv, split, rows);
  for (Dataset* part : {&rows.validation, &rows.test})
    if (part->rows() == 0) *part = slice(rows.train, 0, 0);
  set_origin(rows.train_name, rows.train);
  set_origin(rows.validation_name, rows.validation);
  set_origin(rows.test_name, rows.test);
  DataSplit data{std::move(rows.train), std::move(rows.validation), std::move(rows.test)};
  std::vector<std::string> warnings = std::move(data.train.warnings);
  if (!split.test.empty()) data.test = part_of(data.train, split.test);
  if (!split.validation.empty()) data.validation = part_of(data.train, split.validation);
  if (split.train.size() < data.train.rows()) data.train = part_of(data.train, split.train);
  data.train.warnings = std::move(warnings);
  return data;
}

DataSplit load_data(const DataOptions& options) {
  DataSplit data = load_rows(options);
  const DataSourceTraits& source = traits_of(options.source);
  // The reader of tables refuses missing values by itself.
  const bool must_be_complete =
      source.may_lack_values && !source.has_columns && options.missing == Missing::kError;
  if (!must_be_complete) return data;
  require_complete(data.train, "the training rows");
  require_complete(data.validation, "the validation rows");
  require_complete(data.test, "the test rows");
  return data;
}

}  // namespace nabla
