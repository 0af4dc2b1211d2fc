// SPDX-License-Identifier: MIT
#include "run/folder_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "nabla/base/error.h"

namespace nabla {

namespace {

constexpr std::string_view kOutput = "output.dir";

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, std::string_view key,
                       std::string_view expected)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw_no_folder(key, folder, errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw ConfigError(std::string(key) + ": " + folder.string() +
                    ": another process is working in it, expected " + std::string(expected) +
                    " that has ended");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

void throw_no_folder(std::string_view key, const std::filesystem::path& path, int error) {
  for (const int fault : {EACCES, EPERM, EROFS, ENOTDIR, ENOENT, ENAMETOOLONG, ELOOP})
    if (error == fault)
      throw ConfigError(std::string(key) + ": " + path.string() + ": " +
                        std::generic_category().message(error) +
                        ", expected a place that can be written to");
  throw std::system_error(error, std::generic_category(), path.string());
}

void make_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw_no_folder(kOutput, folder, error.value());
}

bool is_empty_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool empty = std::filesystem::is_empty(folder, error);
  if (error) throw_no_folder(kOutput, folder, error.value());
  return empty;
}

}  // namespace nabla
