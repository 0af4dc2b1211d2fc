// SPDX-License-Identifier: MIT
#include "data/input_names.h"

namespace nabla {

std::string column_name(const TableColumns& columns, std::size_t column) {
  return columns.names.empty() ? "column " + std::to_string(column) : columns.names[column];
}

namespace {

std::vector<std::string> names_of_features(const TableColumns& columns, std::size_t count) {
  const std::vector<std::size_t> features = columns.features();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back(columns.names.empty() ? "feature " + std::to_string(i)
                                          : columns.names[features[i]]);
  return names;
}

}  // namespace

std::vector<std::string> feature_names(const Dataset& data) {
  return names_of_features(data.columns, data.one_hot.features(data.inputs()));
}

std::vector<std::string> input_names(const TableColumns& columns, const OneHot& one_hot,
                                     std::size_t inputs) {
  const std::vector<std::string> features = names_of_features(columns, one_hot.features(inputs));
  std::vector<std::string> names;
  auto category = one_hot.columns.begin();
  for (std::size_t feature = 0; feature < features.size(); ++feature) {
    const std::string& name = features[feature];
    if (category == one_hot.columns.end() || category->feature != feature) {
      names.push_back(name);
      continue;
    }
    for (const std::string& value : category->categories)
      names.push_back(name + (value.empty() ? " is missing" : " = " + value));
    ++category;
  }
  return names;
}

std::vector<std::string> input_names(const Dataset& data) {
  return input_names(data.columns, data.one_hot, data.inputs());
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
