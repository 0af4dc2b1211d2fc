// SPDX-License-Identifier: MIT
#include "experiment/sweep/shared_data.h"

#include <algorithm>

#include "nabla/data/data_options.h"

#include "experiment/option_table.h"

namespace nabla {

std::string SharedData::key(const ExperimentOptions& options) {
  // What is fitted on the rows or weighs them, once they are read.
  static const std::string kLater[] = {"data.normalize", "data.components",
                                       "data.standardize-targets", "data.class-weights",
                                       "data.augment"};
  std::string key;
  for (const Option& option : option_table())
    if (option.section() == "data" && std::ranges::find(kLater, option.key) == std::end(kLater))
      key += option.write(options) + "\n";
  return key;
}

std::shared_ptr<const DataSplit> SharedData::get(const ExperimentOptions& options) {
  const std::string name = key(options);
  // Whoever needs the same data waits here; who needs others would only share the disk.
  const std::lock_guard lock(mutex_);
  std::weak_ptr<const DataSplit>& known = known_[name];
  std::shared_ptr<const DataSplit> data = known.lock();
  if (data == nullptr) {
    last_.reset();
    data = std::make_shared<const DataSplit>(load_data(options.data));
    known = data;
  }
  last_ = data;
  return data;
}

}  // namespace nabla
