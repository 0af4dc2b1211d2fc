// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace nabla {

/// Keeps a folder for this process while the object lives, however the process ends. Some file
/// systems have no locks; there nothing is kept.
class FolderLock {
 public:
  /// Throws ConfigError, with `key` in front, where another process holds the folder, and as
  /// throw_no_folder where it cannot be opened. `expected`: what may be in it, "a run".
  FolderLock(const std::filesystem::path& folder, std::string_view key, std::string_view expected);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

/// A folder that cannot be had is the fault of the configuration, that is of `key`: ConfigError. A
/// full disk is not: std::system_error.
[[noreturn]] void throw_no_folder(std::string_view key, const std::filesystem::path& path,
                                  int error);

/// Makes the folder of output.dir and those above it where they are not there yet. Throws as
/// throw_no_folder.
void make_output_folder(const std::filesystem::path& folder);

/// Whether output.dir, which is there, has nothing in it. Throws as throw_no_folder.
bool is_empty_output_folder(const std::filesystem::path& folder);

}  // namespace nabla
