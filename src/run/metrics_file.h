// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "nabla/train/trainer.h"

namespace nabla {

/// metrics.csv: one line per epoch, on disk as soon as the epoch has ended. Numbers are the
/// shortest texts that read back as the same double; a score that was not measured is an empty
/// cell.
class MetricsFile {
 public:
  /// Creates the file with its header, or goes on behind the first `epochs` lines of one that is
  /// there already, without those after them. Throws std::system_error naming it, as append does.
  explicit MetricsFile(const std::filesystem::path& path, std::size_t epochs = 0);
  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  /// Lines of the first epochs that were there already.
  std::size_t kept() const { return kept_; }

  /// A line that cannot be written is written before the next one.
  void append(const EpochReport& report);
  /// Writes the lines that could not be written before.
  void flush();
  /// Waits until all lines are on the disk; from any thread.
  void sync() const;

 private:
  std::filesystem::path path_;
  int descriptor_;
  std::size_t kept_ = 0;
  std::string unwritten_;
};

}  // namespace nabla
