// SPDX-License-Identifier: MIT
#include "experiment/run_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
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

/// Held as long as the process lives, however it ends.
class RunFolder::Lock {
 public:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  ~Lock() { ::close(descriptor_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int descriptor_;
};

void RunFolder::lock(std::string_view key) {
  const int descriptor = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(path_, errno);
  lock_ = std::make_shared<const Lock>(descriptor);
  // Some file systems have no locks; there is nothing more to do there.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    throw ConfigError(std::string(key) + ": " + path_.string() +
                      ": another process is working in it, expected a run that has ended");
}

RunFolder RunFolder::open(const fs::path& path) {
  RunFolder folder(path);
  // An empty file is what a process leaves that ended just when it had claimed the folder.
  std::error_code ignored;
  if (!fs::is_regular_file(folder.config(), ignored) || fs::is_empty(folder.config(), ignored))
    throw ConfigError("--resume: " + path.string() +
                      ": no config.ini in it, expected the folder of a run");
  folder.lock("--resume");
  return folder;
}

RunFolder RunFolder::claim(const fs::path& wanted, bool overwrite) {
  if (is_something_else(wanted))
    throw ConfigError("output.dir: " + wanted.string() + " is a file, expected a folder");
  if (overwrite) {
    RunFolder folder(wanted);
    make_folder(wanted);
    folder.lock("output.dir");
    for (const fs::path& file :
         {folder.config(), folder.metrics(), folder.summary(), folder.scale(), folder.crossval(),
          folder.model(), folder.report(), folder.checkpoint(), folder.previous_checkpoint(),
          folder.damaged_checkpoint()}) {
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
    if (!create_exclusively(folder.config())) continue;
    folder.lock("output.dir");
    return folder;
  }
}

}  // namespace nabla
