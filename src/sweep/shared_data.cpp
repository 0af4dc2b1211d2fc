// SPDX-License-Identifier: MIT
#include "sweep/shared_data.h"

#include "nabla/data/data_options.h"

#include "config/option_table.h"

namespace nabla {

std::string SharedData::key(const ExperimentOptions& options) {
  std::string key;
  for (const ExperimentOption& option : option_table())
    if (option.section() == "data" && !option.flags.after_reading)
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
