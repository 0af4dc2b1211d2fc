// SPDX-License-Identifier: MIT
#include "experiment/run_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "nabla/base/error.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// A folder that cannot be had is the configuration's fault, a full disk is not.
[[noreturn]] void fail(const fs::path& path, int error) {
  for (const int fault : {EACCES, EPERM, EROFS, ENOTDIR, ENOENT, ENAMETOOLONG, ELOOP})
    if (error == fault)
      throw ConfigError("output.dir: " + path.string() + ": " +
                        std::generic_category().message(error) +
                        ", expected a place that can be written to");
  throw std::system_error(error, std::generic_category(), path.string());
}

/// Creates the file if nobody else has; whether it was this call that did.
bool create_exclusively(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    if (errno == EEXIST) return false;
    fail(file, errno);
  }
  ::close(descriptor);
  return true;
}

/// There, but no folder. What cannot be looked at fails when the folder is made.
bool is_something_else(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_directory(status);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, error.value());
}

bool is_empty_folder(const fs::path& folder) {
  std::error_code error;
  const bool empty = fs::is_empty(folder, error);
  if (error) fail(folder, error.value());
  return empty;
}

}  // namespace

RunFolder RunFolder::claim(const fs::path& wanted, bool overwrite) {
  if (is_something_else(wanted))
    throw ConfigError("output.dir: " + wanted.string() + " is a file, expected a folder");
  if (overwrite) {
    RunFolder folder(wanted);
    make_folder(wanted);
    for (const fs::path& file : {folder.config(), folder.metrics(), folder.summary(),
                                 folder.scale(), folder.model(), folder.report()}) {
      std::error_code error;
      fs::remove(file, error);
      if (error) fail(file, error.value());
    }
    return folder;
  }
  // An empty folder is no run: it may have been made for this one.
  for (std::size_t number = 1;; ++number) {
    fs::path path = wanted;
    if (number > 1) path += "-" + std::to_string(number);
    if (is_something_else(path)) continue;
    make_folder(path);
    if (!is_empty_folder(path)) continue;
    RunFolder folder(std::move(path));
    if (create_exclusively(folder.config())) return folder;
  }
}

}  // namespace nabla
