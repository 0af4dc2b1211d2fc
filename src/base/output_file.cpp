// SPDX-License-Identifier: MIT
#include "base/output_file.h"

#include <cerrno>
#include <fcntl.h>
#include <span>
#include <system_error>

#include "nabla/base/error.h"

namespace nabla {

namespace fs = std::filesystem;

namespace {

bool is_replaced(const fs::path& path) {
  return !fs::is_symlink(path) && (!fs::exists(path) || fs::is_regular_file(path));
}

}  // namespace

void require_output_file(const fs::path& path, const std::string& argument) {
  if (path.empty()) throw ConfigError(argument + ": an empty name, expected a file");
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!fs::is_directory(folder))
    throw ConfigError(argument + ": " + folder.string() + " is not a folder, expected one for " +
                      path.filename().string());
  if (fs::is_directory(path))
    throw ConfigError(argument + ": " + path.string() + " is a folder, expected a file");
}

OutputFile::OutputFile(const fs::path& path)
    : path_(path),
      stream_(is_replaced(path)
                  ? -1
                  : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  const int error = errno;
  if (is_replaced(path))
    replacement_.emplace(path, TemporaryName::kFree);
  else if (!stream_.valid())
    throw_unwritable(path, error);
}

void OutputFile::append(std::string_view text) {
  if (replacement_)
    replacement_->append(text);
  else
    write_all(stream_.get(), std::as_bytes(std::span(text)), path_);
}

void OutputFile::commit() {
  if (replacement_)
    replacement_->commit();
  else if (!stream_.close())
    throw_unwritable(path_, errno);
}

void write_output(const fs::path& path, std::string_view text) {
  OutputFile file(path);
  file.append(text);
  file.commit();
}

}  // namespace nabla
