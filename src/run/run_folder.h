// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

namespace nabla {

/// Keeps a folder for this process while the object lives, however the process ends. Some file
/// systems have no locks; there it keeps nothing.
class FolderLock {
 public:
  /// Throws ConfigError, with `key` in front, if another process holds the folder, and as
  /// throw_no_folder if it cannot be opened. `expected` is the expected content, "a run".
  FolderLock(const std::filesystem::path& folder, std::string_view key, std::string_view expected);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

/// Throws ConfigError naming `key` if the configuration is at fault, as for a folder that may not
/// be written to, else std::system_error, as for a full disk.
[[noreturn]] void throw_no_folder(std::string_view key, const std::filesystem::path& path,
                                  int error);

/// The choices for output.dir, from 1: `wanted`, then `wanted`-2, -3, …, of which a "/" at the end
/// is no part. Throws ConfigError if its name takes no number.
std::filesystem::path output_folder(const std::filesystem::path& wanted, std::size_t number);

/// Makes the folder of output.dir and those above it unless they are there. Throws as
/// throw_no_folder.
void make_output_folder(const std::filesystem::path& folder);

/// Whether output.dir, which is there, has nothing in it. Throws as throw_no_folder.
bool is_empty_output_folder(const std::filesystem::path& folder);

/// The folder of one run, which belongs to this process from the moment it is claimed until the
/// last copy of this object is gone: no other process can open it.
class RunFolder {
 public:
  /// Claims `wanted`, or if it is not empty `wanted`-2, -3, …, by creating config.ini in it,
  /// which only one process can do. With `overwrite` takes `wanted` itself and removes the files of
  /// the run in it. Throws ConfigError if `wanted` cannot be a folder or another process works in
  /// it, std::system_error if it cannot be made.
  static RunFolder claim(const std::filesystem::path& wanted, bool overwrite);

  /// Opens the folder of an earlier run, to work in it or only to read what it holds. Throws
  /// ConfigError if it holds none, and to work in it if another process does.
  static RunFolder open(const std::filesystem::path& path, bool to_work = true);

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
  /// A checkpoint that cannot be read gets this name.
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

/// The command whose results a folder holds.
enum class FolderKind { kSweep, kCrossval, kScale, kTrain };
/// "sweep", "crossval", "scale" or "train".
std::string_view name_of(FolderKind kind);
/// Returns the kind of the folder by the files in it, nullopt if it holds no results.
std::optional<FolderKind> kind_of_folder(const std::filesystem::path& folder);

/// Removes the files that `nabla train`, `sweep`, `crossval` and `scale` write into a folder
/// itself; other files and folders stay. Throws ConfigError if it may not remove them.
void remove_run_files(const std::filesystem::path& folder);

}  // namespace nabla
