// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "base/option_values.h"
#include "base/random.h"
#include "data/csv.h"
#include "data/epoch_order.h"
#include "data/source.h"

namespace nabla {

namespace {

/// Returns how many of `rows` training rows become validation rows.
std::size_t validation_rows(double validation, std::size_t rows) {
  const double count =
      validation < 1 ? std::round(validation * static_cast<double>(rows)) : validation;
  if (count >= static_cast<double>(rows))
    throw ConfigError("data.validation", write_number(validation) +
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

void limit_train(std::size_t limit, Dataset& train) {
  if (limit != 0 && limit < train.rows()) train = slice(train, 0, limit);
}

/// Returns first, first + 1, …
std::vector<std::uint32_t> row_range(std::size_t first, std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  return rows;
}

/// Makes inputs of all rows by the categories of the training rows, or by those that the options
/// know beforehand. `train` and `validation` are the rows of the training table in either part of
/// the split.
void expand_categories(const SourceRows& rows, const CsvOptions& options,
                       const std::vector<std::uint32_t>& train,
                       const std::vector<std::uint32_t>& validation, DataSplit& data) {
  const CsvRows& table = *rows.train_categories;
  const OneHot one_hot =
      options.known_one_hot
          ? *options.known_one_hot
          : table.categories.fit(std::get<FeatureMatrix<double>>(table.dataset.features), train);
  table.expand(data.train, train, one_hot, options.unknown_category);
  table.expand(data.validation, validation, one_hot, options.unknown_category);
  const CsvRows& test = rows.test_categories ? *rows.test_categories : table;
  test.expand(data.test, row_range(0, data.test.rows()), one_hot, options.unknown_category);
}

/// Takes the validation rows, and the rows beyond the limit, away from the training rows.
void split_train(const DataOptions& options, const SourceRows& source, DataSplit& data) {
  const std::size_t rows = data.train.rows();
  const std::size_t validation = validation_rows(options.validation, rows);
  const std::size_t left = rows - validation;
  const std::size_t kept = options.limit == 0 ? left : std::min(options.limit, left);
  if (validation > 0 && options.validation_shuffle) {
    const std::vector<std::uint32_t> order = shuffled_rows(rows, options.split_seed);
    const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    const std::vector<std::uint32_t> last(at(left), order.end());
    const std::vector<std::uint32_t> first(order.begin(), at(kept));
    data.validation = select(data.train, last);
    data.train = select(data.train, first);
    if (source.train_categories) expand_categories(source, options.csv, first, last, data);
    return;
  }
  data.validation = slice(data.train, left, validation);
  if (kept != rows) data.train = slice(data.train, 0, kept);
  if (source.train_categories)
    expand_categories(source, options.csv, row_range(0, kept), row_range(left, validation), data);
}

}  // namespace

DataSplit load_data(const DataOptions& options) {
  validate(options);
  SourceRows rows = traits_of(options.source).read(options);
  if (rows.train.rows() == 0)
    throw DataError(rows.train_name + ": no training rows, expected one or more");
  const auto check = [&](Dataset& part, const std::string& name) {
    if (part.rows() == 0)
      part = slice(rows.train, 0, 0);
    else if (part.inputs() != rows.train.inputs())
      throw DataError(name + ": " + std::to_string(part.inputs()) + " features, expected " +
                      std::to_string(rows.train.inputs()) + " as in " + rows.train_name);
  };
  check(rows.validation, rows.validation_name);
  check(rows.test, rows.test_name);
  DataSplit data{std::move(rows.train), std::move(rows.validation), std::move(rows.test)};
  std::vector<std::string> warnings = std::move(data.train.warnings);
  if (options.validation == 0 && data.validation.rows() > 0)
    limit_train(options.limit, data.train);
  else
    split_train(options, rows, data);
  data.train.warnings = std::move(warnings);
  return data;
}

}  // namespace nabla
