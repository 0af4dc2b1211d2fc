// SPDX-License-Identifier: MIT
#include "run/run_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "nabla/base/error.h"

namespace nabla {

namespace {

namespace fs = std::filesystem;

/// Creates the file if nobody else has; whether it was this call that did.
bool create_exclusively(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    if (errno == EEXIST) return false;
    throw_no_folder("output.dir", file, errno);
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

}  // namespace

void RunFolder::lock(std::string_view key) {
  lock_ = std::make_shared<const FolderLock>(path_, key, "a run");
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
    make_output_folder(wanted);
    folder.lock("output.dir");
    remove_run_files(wanted);
    return folder;
  }
  // An empty folder is no run: it may have been made for this one.
  for (std::size_t number = 1;; ++number) {
    fs::path path = wanted;
    if (number > 1) path += "-" + std::to_string(number);
    if (is_something_else(path)) continue;
    make_output_folder(path);
    if (!is_empty_output_folder(path)) continue;
    RunFolder folder(std::move(path));
    if (!create_exclusively(folder.config())) continue;
    folder.lock("output.dir");
    return folder;
  }
}

void remove_run_files(const fs::path& folder) {
  for (const char* name :
       {"config.ini", "metrics.csv", "summary.json", "model.safetensors", "report.html",
        "checkpoint.safetensors", "checkpoint.previous.safetensors",
        "checkpoint.damaged.safetensors", "scale.csv", "crossval.csv", "trials.csv"})
    for (const char* ending : {"", ".tmp"}) {
      const fs::path file = folder / (std::string(name) + ending);
      std::error_code error;
      fs::remove(file, error);
      if (error) throw_no_folder("output.dir", file, error.value());
    }
}

}  // namespace nabla
