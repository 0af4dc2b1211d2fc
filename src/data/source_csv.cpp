// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/utf8.h"
#include "data/csv_cell.h"
#include "data/csv_rows.h"
#include "data/source.h"

namespace nabla {

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

/// Null where there are none.
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
    csv.task = chosen_task(rows.train);
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

}  // namespace nabla
