// SPDX-License-Identifier: MIT
#include "data/input_names.h"

namespace nabla {

std::string column_name(const TableColumns& columns, std::size_t column) {
  return columns.names.empty() ? "column " + std::to_string(column) : columns.names[column];
}

std::vector<std::string> feature_names(const Dataset& data) {
  const std::vector<std::size_t> columns = data.columns.features();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < data.one_hot.features(data.inputs()); ++i)
    names.push_back(data.columns.names.empty() ? "feature " + std::to_string(i)
                                               : data.columns.names[columns[i]]);
  return names;
}

std::vector<std::string> input_names(const Dataset& data) {
  const std::vector<std::string> features = feature_names(data);
  std::vector<std::string> names;
  auto category = data.one_hot.columns.begin();
  for (std::size_t feature = 0; feature < features.size(); ++feature) {
    const std::string& name = features[feature];
    if (category == data.one_hot.columns.end() || category->feature != feature) {
      names.push_back(name);
      continue;
    }
    for (const std::string& value : category->categories) names.push_back(name + " = " + value);
    ++category;
  }
  return names;
}

std::vector<std::string> target_names(const Dataset& data) {
  std::vector<std::string> names;
  const std::size_t count = data.targets.cols();
  for (std::size_t i = 0; i < count; ++i) {
    const bool has_name = !data.columns.names.empty() && i < data.columns.targets.size();
    names.push_back(has_name    ? data.columns.names[data.columns.targets[i]]
                    : count > 1 ? "target " + std::to_string(i)
                                : "target");
  }
  return names;
}

}  // namespace nabla
