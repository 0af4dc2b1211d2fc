// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"

namespace nabla {

/// The most that read_file takes into memory, in bytes, if nothing else is asked for.
inline constexpr std::size_t kMostFileBytes = std::size_t{1} << 36;

/// Whether something of that name exists; false too if that cannot be told.
bool file_exists(const std::filesystem::path& path);

/// Throws std::system_error of this errno, naming the path.
[[noreturn]] void throw_unwritable(const std::filesystem::path& path, int error);
/// Writes all of the content, or throws.
void write_all(int descriptor, std::span<const std::byte> content,
               const std::filesystem::path& path);

/// The whole content of a file. A gzip stream, recognised from its first two bytes and not from
/// the name, is decompressed. Throws DataError naming the file when it is missing, a folder,
/// unreadable, or a truncated or damaged gzip stream, or when the content exceeds `limit` bytes
/// or half of the machine's memory.
std::vector<std::byte> read_file(const std::filesystem::path& path,
                                 std::size_t limit = kMostFileBytes);

/// Whose a file of the temporary name is: the program's, which may replace it, or anybody's, so
/// that a name is taken that nothing has.
enum class TemporaryName { kOwn, kFree };

/// Replaces the file `path` as a whole or not at all: what is appended goes to `path` + ".tmp", or
/// ".2.tmp" and so on, which `commit` syncs and renames before it syncs the folder. The new file
/// has the permissions of the old one. All members throw std::system_error naming the path; what
/// stood there before is then untouched, and the temporary file is removed with this object. (Only
/// if the last step fails, the folder's sync, does the new content stand there already.)
class FileReplacement {
 public:
  explicit FileReplacement(std::filesystem::path path, TemporaryName name = TemporaryName::kOwn);
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  void append(std::span<const std::byte> content);
  void append(std::string_view text);
  /// Nothing may be appended afterwards. The old file is kept at `previous` unless that is empty,
  /// in place of what stood there; at every moment one of the two is a whole file.
  void commit(const std::filesystem::path& previous = {});

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_path_;
  Descriptor folder_;  ///< opened first: if that fails, nothing has been touched yet
  Descriptor file_;
  bool is_committed_ = false;
};

/// Replaces the file by this content, as FileReplacement does.
void replace_file(const std::filesystem::path& path, std::span<const std::byte> content);
void replace_file(const std::filesystem::path& path, std::string_view content);

/// The same, but the old file is kept at `previous`.
void replace_file(const std::filesystem::path& path, std::span<const std::byte> content,
                  const std::filesystem::path& previous);

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> content);

}  // namespace nabla
