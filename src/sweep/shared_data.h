// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "nabla/data/dataset.h"

#include "config/experiment_options.h"

namespace nabla {

/// The data of the trials of a sweep: trials with the same data share them. Data that no trial
/// uses are given back, but for those used last. From any thread.
class SharedData {
 public:
  /// Throws as load_data does.
  std::shared_ptr<const DataSplit> get(const ExperimentOptions& options);

  /// Equal for options that read the same data.
  static std::string key(const ExperimentOptions& options);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const DataSplit>> known_;
  std::shared_ptr<const DataSplit> last_;
};

}  // namespace nabla
