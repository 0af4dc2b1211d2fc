// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "nabla/train/trainer.h"

namespace nabla {

/// metrics.csv: one line per epoch, on disk as soon as the epoch has ended. Numbers are the
/// shortest texts that read back as the same double; what was not measured is an empty cell.
class MetricsFile {
 public:
  /// Creates the file with its header. Throws std::system_error naming it, as append does.
  explicit MetricsFile(const std::filesystem::path& path);
  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  void append(const EpochReport& report);

 private:
  void write(const std::string& line);

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace nabla
