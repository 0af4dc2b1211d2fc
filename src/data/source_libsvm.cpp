// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "nabla/base/error.h"

#include "base/mapped_file.h"
#include "data/libsvm.h"
#include "data/number_targets.h"
#include "data/source.h"

namespace nabla {

namespace {

using Tables = std::vector<LibsvmTable>;

Tables read_tables(const DataOptions& options, const std::vector<std::filesystem::path>& files) {
  Tables tables;
  for (const std::filesystem::path& file : files) {
    const std::filesystem::path path = options.dir / file;
    const FileBytes content = map_file(path);
    const std::span<const std::byte> bytes = content.bytes;
    tables.push_back(
        parse_libsvm({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string()));
  }
  return tables;
}

Dataset make_dataset(const Tables& tables, std::size_t width, TaskChoice task,
                     const std::vector<std::string>& classes) {
  Dataset dataset;
  dataset.features = dense_features(tables, width);
  NumberTargets targets;
  targets.values = Matrix<double>(dataset.rows(), 1);
  double* next = targets.values.data();
  for (const LibsvmTable& table : tables) next = std::ranges::copy(table.labels, next).out;
  targets.integers = std::ranges::all_of(tables, &LibsvmTable::has_whole_labels);
  targets.place = [&](std::size_t row) {
    auto table = tables.begin();
    for (; row >= table->rows(); ++table) row -= table->rows();
    return table->place(row);
  };
  set_number_targets(std::move(targets), task, classes, dataset);
  return dataset;
}

}  // namespace

SourceRows read_libsvm_source(const DataOptions& options) {
  if (options.train.empty())
    throw ConfigError("data.train: missing, expected one or more files with data.source = libsvm");
  const Tables train = read_tables(options, options.train);
  const Tables test = read_tables(options, options.test);
  const auto widest = std::ranges::max_element(train, {}, &LibsvmTable::width);
  const std::size_t width = widest->width;
  if (width == 0)
    throw DataError(train.front().name + ": no features; expected index:value after some label");
  for (const LibsvmTable& table : test)
    require_width(table, width, "the largest of " + widest->name);

  SourceRows rows;
  rows.train = make_dataset(train, width, options.csv.task, options.csv.classes);
  rows.train_name = train.front().name;
  if (test.empty()) return rows;
  rows.test = make_dataset(test, width, chosen_task(rows.train), rows.train.classes);
  rows.test_name = test.front().name;
  return rows;
}

Dataset parse_libsvm_features(std::string_view text, const std::string& name, std::size_t width) {
  const LibsvmTable table = parse_libsvm(text, name, LibsvmLabels::kIgnored);
  require_width(table, width, "the model's inputs");
  Dataset dataset;
  dataset.features = dense_features({&table, 1}, width);
  return dataset;
}

}  // namespace nabla
