// SPDX-License-Identifier: MIT
#include "data/csv.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/data/data_options.h"

#include "base/text.h"
#include "data/csv_cell.h"
#include "data/csv_table.h"
#include "data/csv_tokens.h"
#include "data/source.h"

namespace nabla {

namespace {

Dataset read_all(CsvTokens tokens, const CsvOptions& options) {
  CsvTable table(options);
  table.read(tokens);
  CsvRows rows = table.finish();
  if (rows.categories.empty()) return std::move(rows.dataset);
  Dataset dataset = rows.dataset;
  std::vector<std::uint32_t> all(dataset.rows());
  std::iota(all.begin(), all.end(), 0U);
  const auto& raw = std::get<FeatureMatrix<double>>(dataset.features);
  rows.expand(dataset, all,
              options.known_one_hot ? *options.known_one_hot : rows.categories.fit(raw, all));
  return dataset;
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  return read_all(CsvTokens(read_from(text), name), options);
}

Dataset read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return read_all(open_csv(path), options);
}

namespace {

using Files = std::vector<std::filesystem::path>;

CsvRows read_files(const Files& files, const CsvOptions& options, bool needs_weights = true) {
  CsvTable table(options, needs_weights);
  for (const std::filesystem::path& file : files) {
    CsvTokens tokens = open_csv(file);
    table.read(tokens);
  }
  return table.finish();
}

/// A model file can hold UTF-8 only; better refused here than after hours of training.
void check_names(const TableColumns& columns, const std::string& file) {
  for (const std::string& name : columns.names)
    if (!is_utf8(name))
      throw DataError(file + ": the column name " + quote_cell(name) +
                      " is not UTF-8; expected a file that was converted to UTF-8");
}

/// Null if there are none.
std::shared_ptr<const CsvRows> keep_categories(CsvRows rows) {
  if (rows.categories.empty()) return nullptr;
  return std::make_shared<const CsvRows>(std::move(rows));
}

Files resolve(const std::filesystem::path& dir, const Files& files) {
  Files result;
  for (const std::filesystem::path& file : files) result.push_back(dir / file);
  return result;
}

}  // namespace

SourceRows read_csv_source(const DataOptions& options) {
  const Files train = resolve(options.dir, options.train);
  const Files test = resolve(options.dir, options.test);

  CsvRows train_rows = read_files(train, options.csv);
  SourceRows rows;
  rows.train = train_rows.dataset;
  rows.train_name = train.front().string();
  check_names(rows.train.columns, rows.train_name);
  if (!test.empty()) {
    CsvOptions csv = options.csv;
    csv.classes = rows.train.classes;
    csv.task = chosen_task(rows.train.task);
    csv.known_columns = rows.train.columns;
    // Which columns are categories; which categories there are is not known yet.
    csv.known_one_hot = train_rows.categories.without_categories();
    // Evaluation is unweighted.
    CsvRows test_rows = read_files(test, csv, false);
    rows.test = test_rows.dataset;
    rows.test_name = test.front().string();
    rows.test_categories = keep_categories(std::move(test_rows));
  }
  rows.train_categories = keep_categories(std::move(train_rows));
  return rows;
}

CsvFeatures::CsvFeatures(CsvTokens tokens, CsvHeader header, const TableColumns& columns,
                         const OneHot& one_hot, std::size_t inputs)
    : tokens_(std::move(tokens)), layout_(find_layout(tokens_, header)), one_hot_(one_hot) {
  const TableColumns own = find_ignored(columns, one_hot.features(inputs), layout_);
  columns_ = columns.count > 0 ? match_features(columns, own, layout_) : own.features();
  std::vector<std::size_t> features;
  for (const OneHotColumn& column : one_hot.columns) features.push_back(column.feature);
  categories_.set_features(std::move(features));
  cells_.emplace(layout_, columns_, categories_);
}

FeatureMatrix<double> CsvFeatures::expand(FeatureMatrix<double> raw,
                                          const std::vector<std::size_t>& lines) {
  if (categories_.empty()) return raw;
  return categories_.expand(raw, one_hot_, [&](std::size_t row, std::size_t feature) {
    return cell_place(layout_.name, lines[row], columns_[feature], layout_.header);
  });
}

std::optional<FeatureMatrix<double>> CsvFeatures::next() {
  for (;;) {
    GrowingRows rows(columns_.size());
    std::vector<std::size_t> lines;
    while (tokens_.next_row_at_hand()) {
      layout_.check_width(tokens_);
      cells_->read(tokens_, rows.add_row());
      lines.push_back(tokens_.line());
    }
    if (rows.rows() > 0) {
      is_empty_ = false;
      return expand(rows.finish(), lines);
    }
    if (tokens_.ended()) {
      if (is_empty_)
        throw DataError(layout_.name + ":" + std::to_string(layout_.first_line) +
                        ": no rows after the header; expected one or more");
      return std::nullopt;
    }
    tokens_.read_on();
  }
}

}  // namespace nabla
