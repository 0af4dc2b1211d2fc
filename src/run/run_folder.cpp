// SPDX-License-Identifier: MIT
#include "run/run_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/kinds.h"

#include "base/file.h"

namespace nabla {

namespace {

constexpr std::string_view kOutput = "output.dir";

namespace fs = std::filesystem;

/// A kind of folder and the file in which its command keeps the results.
struct FolderTraits {
  FolderKind kind;
  std::string_view name;
  const char* file;
};
constexpr FolderTraits kFolders[] = {{FolderKind::kSweep, "sweep", "trials.csv"},
                                     {FolderKind::kCrossval, "crossval", "crossval.csv"},
                                     {FolderKind::kScale, "scale", "scale.csv"},
                                     {FolderKind::kTrain, "train", "metrics.csv"}};
static_assert(is_complete(kFolders));

/// Creates the file unless it exists; returns whether this call created it.
bool create_exclusively(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    if (errno == EEXIST) return false;
    throw_no_folder("output.dir", file, errno);
  }
  ::close(descriptor);
  return true;
}

/// Whether the path exists and is not a folder. If that is unknown, making the folder will fail.
bool is_something_else(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_directory(status);
}

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

std::filesystem::path output_folder(const std::filesystem::path& wanted, std::size_t number) {
  std::filesystem::path folder = wanted;
  while (!folder.has_filename() && folder.has_relative_path()) folder = folder.parent_path();
  if (number == 1) return folder;
  const std::filesystem::path name = folder.filename();
  if (name.empty() || name == "." || name == "..")
    throw ConfigError(std::string(kOutput) + ": " + wanted.string() +
                      " holds something, expected a new or an empty folder");
  return folder += "-" + std::to_string(number);
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

void RunFolder::lock(std::string_view key) {
  lock_ = std::make_shared<const FolderLock>(path_, key, "a run");
}

RunFolder RunFolder::open(const fs::path& path, bool to_work) {
  RunFolder folder(path);
  // A process that ended just after it had claimed the folder leaves an empty file.
  std::error_code ignored;
  if (!fs::is_regular_file(folder.config(), ignored) || fs::is_empty(folder.config(), ignored))
    throw ConfigError("--resume: " + path.string() +
                      ": no config.ini in it, or an empty one, expected the folder of a run");
  if (to_work) folder.lock("--resume");
  return folder;
}

RunFolder RunFolder::claim(const fs::path& wanted, bool overwrite) {
  if (is_something_else(output_folder(wanted, 1)))
    throw ConfigError("output.dir", wanted.string() + " is a file, expected a folder");
  if (overwrite) {
    RunFolder folder(output_folder(wanted, 1));
    make_output_folder(folder.path());
    folder.lock("output.dir");
    remove_run_files(folder.path());
    return folder;
  }
  // An empty folder is not a run: it may have been made for this one.
  for (std::size_t number = 1;; ++number) {
    fs::path path = output_folder(wanted, number);
    if (is_something_else(path)) continue;
    make_output_folder(path);
    if (!is_empty_output_folder(path)) continue;
    RunFolder folder(std::move(path));
    if (!create_exclusively(folder.config())) continue;
    folder.lock("output.dir");
    return folder;
  }
}

std::string_view name_of(FolderKind kind) { return row_of(kFolders, kind).name; }

std::optional<FolderKind> kind_of_folder(const fs::path& folder) {
  for (const FolderTraits& traits : kFolders)
    if (traits.kind != FolderKind::kTrain && file_exists(folder / traits.file)) return traits.kind;
  // A training has its summary.json only when it has ended; its metrics.csv may be lost.
  const bool is_training =
      file_exists(folder / "config.ini") &&
      (file_exists(folder / "metrics.csv") || file_exists(folder / "summary.json"));
  return is_training ? std::optional(FolderKind::kTrain) : std::nullopt;
}

void remove_run_files(const fs::path& folder) {
  std::vector<std::string> names = {"config.ini",
                                    "summary.json",
                                    "model.safetensors",
                                    "report.html",
                                    "checkpoint.safetensors",
                                    "checkpoint.previous.safetensors",
                                    "checkpoint.damaged.safetensors"};
  for (const FolderTraits& traits : kFolders) names.emplace_back(traits.file);
  for (const std::string& name : names)
    for (const char* ending : {"", ".tmp"}) {
      const fs::path file = folder / (name + ending);
      std::error_code error;
      fs::remove(file, error);
      if (error) throw_no_folder("output.dir", file, error.value());
    }
}

}  // namespace nabla
