// SPDX-License-Identifier: MIT
#include "run/data_warnings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace nabla {

namespace {

std::vector<std::string> target_warnings(const Dataset& train) {
  constexpr std::size_t kManyClasses = 10'000;
  if (train.task != Task::kClassification) return {};
  const std::size_t classes = train.classes.size();
  if (classes == 1)
    return {"all rows are of one class, " + in_quotes(train.classes.front()) +
            ": there is nothing to learn, expected two or more"};
  if (classes > kManyClasses)
    return {std::to_string(classes) + " classes in " + std::to_string(train.rows()) +
            " rows: is data.target an identifier, or a value (data.task = regression)?"};
  // A line of names over columns of text passes for a row (see CsvHeader::kAuto).
  const bool is_table_without_names = train.columns.count > 0 && train.columns.names.empty();
  const std::uint32_t first = train.labels.front();
  if (is_table_without_names && classes > 2 && std::ranges::count(train.labels, first) == 1)
    return {"no row but the first is of class " + in_quotes(train.classes[first]) +
            ": if line 1 names the columns, expected data.header = yes"};
  return {};
}

}  // namespace

std::vector<std::string> data_warnings(const DataSplit& data) {
  std::vector<std::string> warnings;
  for (const Dataset* part : {&data.train, &data.validation, &data.test})
    warnings.insert(warnings.end(), part->warnings.begin(), part->warnings.end());
  const std::vector<std::string> of_targets = target_warnings(data.train);
  warnings.insert(warnings.end(), of_targets.begin(), of_targets.end());
  return warnings;
}

}  // namespace nabla
