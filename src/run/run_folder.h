// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "run/folder_lock.h"

namespace nabla {

/// The folder of one run, which belongs to this process from the moment it is claimed until the
/// last copy of this object is gone: no other process can open it.
class RunFolder {
 public:
  /// Claims `wanted`, or where it is not empty `wanted`-2, -3, …, by creating config.ini in it,
  /// which only one process can do. With `overwrite` takes `wanted` itself and removes the files of
  /// the run in it. Throws ConfigError where `wanted` cannot be a folder or another process works
  /// in it, std::system_error where it cannot be made.
  static RunFolder claim(const std::filesystem::path& wanted, bool overwrite);

  /// The folder of an earlier run. Throws ConfigError where it holds none, or another process works
  /// in it.
  static RunFolder open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.ini"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path scale() const { return path_ / "scale.csv"; }
  std::filesystem::path crossval() const { return path_ / "crossval.csv"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  std::filesystem::path previous_checkpoint() const {
    return path_ / "checkpoint.previous.safetensors";
  }
  /// Where a checkpoint that cannot be read is put out of the way.
  std::filesystem::path damaged_checkpoint() const {
    return path_ / "checkpoint.damaged.safetensors";
  }

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  /// `key` stands for the folder in errors.
  void lock(std::string_view key);

  std::filesystem::path path_;
  std::shared_ptr<const FolderLock> lock_;
};

/// Removes what `nabla train`, `sweep`, `crossval` and `scale` write into a folder itself; other
/// files and folders stay. Throws ConfigError where it may not.
void remove_run_files(const std::filesystem::path& folder);

}  // namespace nabla
