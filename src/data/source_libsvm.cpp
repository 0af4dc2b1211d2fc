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

/// Refuses what a slip in one index makes of a small file: rows so wide that nearly nothing is in
/// them, which would take the memory all the same.
void require_plausible_width(const Tables& tables, const LibsvmTable& widest) {
  constexpr std::size_t kFreeNumbers = std::size_t{1} << 21;
  constexpr std::size_t kMostPerValue = 1000;
  std::size_t rows = 0;
  std::size_t values = 0;
  for (const LibsvmTable& table : tables) {
    rows += table.rows();
    values += table.values.size();
  }
  const std::size_t most = std::max(kFreeNumbers, kMostPerValue * values);
  if (rows <= most / widest.width) return;
  throw DataError(widest.name + ":" + std::to_string(widest.widest_line) + ": found the index " +
                  std::to_string(widest.width) + ", which makes " + std::to_string(rows) +
                  " rows of as many numbers, but only " + std::to_string(values) +
                  " of them are given; expected at least one in " + std::to_string(kMostPerValue));
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
  const Tables train = read_tables(options, options.train);
  const Tables test = read_tables(options, options.test);
  const auto widest = std::ranges::max_element(train, {}, &LibsvmTable::width);
  const std::size_t width = widest->width;
  if (width == 0)
    throw DataError(train.front().name + ": no features; expected index:value after some label");
  require_plausible_width(train, *widest);
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
