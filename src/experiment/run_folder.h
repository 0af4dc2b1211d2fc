// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace nabla {

/// The folder of one run, which belongs to this process from the moment it is claimed.
class RunFolder {
 public:
  /// Claims `wanted`, or where it is not empty `wanted`-2, -3, …, by creating config.ini in it,
  /// which only one process can do. With `overwrite` takes `wanted` itself and removes the files of
  /// the run in it. Throws ConfigError where `wanted` cannot be a folder, std::system_error
  /// where it cannot be made.
  static RunFolder claim(const std::filesystem::path& wanted, bool overwrite);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.ini"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path scale() const { return path_ / "scale.csv"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace nabla
