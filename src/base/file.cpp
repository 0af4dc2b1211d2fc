// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <new>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "nabla/base/error.h"

#include "base/input_stream.h"

namespace nabla {

namespace {

/// Gives the file a second name, `previous`, if the file exists.
void keep_as(const std::filesystem::path& path, const std::filesystem::path& previous) {
  auto link = previous;
  link += ".tmp";
  ::unlink(link.c_str());
  if (::link(path.c_str(), link.c_str()) == 0) {
    const int failed = ::rename(link.c_str(), previous.c_str());
    const int error = errno;
    // If both names stand for one file already, the rename has left the link.
    ::unlink(link.c_str());
    if (failed != 0) throw_unwritable(previous, error);
  } else if (errno != ENOENT && ::rename(path.c_str(), previous.c_str()) != 0) {
    // The file system has no links, so the file loses its first name.
    throw_unwritable(previous, errno);
  }
}

/// Returns the folder that holds the file.
Descriptor open_folder_of(const std::filesystem::path& path) {
  const auto parent = path.parent_path();
  Descriptor folder(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) throw_unwritable(path, errno);
  return folder;
}

/// Opens an empty file of the temporary name, which `path` becomes, with the permissions of `old`
/// if that exists.
Descriptor open_temporary(const std::filesystem::path& old, TemporaryName name,
                          std::filesystem::path& path) {
  path = old.string() + ".tmp";
  const int flags =
      O_WRONLY | O_CREAT | O_CLOEXEC | (name == TemporaryName::kOwn ? O_TRUNC : O_EXCL);
  int opened = ::open(path.c_str(), flags, 0666);
  for (int number = 2; opened < 0 && errno == EEXIST; ++number) {
    path = old.string() + "." + std::to_string(number) + ".tmp";
    opened = ::open(path.c_str(), flags, 0666);
  }
  Descriptor file(opened);
  if (!file.valid()) throw_unwritable(path, errno);
  struct stat status {};
  if (::stat(old.c_str(), &status) == 0 && ::fchmod(file.get(), status.st_mode & 0777U) != 0) {
    const int error = errno;
    ::unlink(path.c_str());
    throw_unwritable(path, error);
  }
  return file;
}

}  // namespace

void throw_unwritable(const std::filesystem::path& path, int error) {
  throw std::system_error(error, std::generic_category(), "cannot write " + path.string());
}

void write_all(int fd, std::span<const std::byte> content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written >= 0) {
      content = content.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      throw_unwritable(path, errno);
    }
  }
}

bool file_exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::vector<std::byte> read_file(const std::filesystem::path& path, std::size_t limit) {
  struct stat status {};
  Descriptor file = open_readable(path, status);
  return read_file(std::move(file), status, path.string(), limit);
}

void replace_file(const std::filesystem::path& path, std::span<const std::byte> content) {
  replace_file(path, content, {});
}

FileReplacement::FileReplacement(std::filesystem::path path, TemporaryName name)
    : path_(std::move(path)),
      folder_(open_folder_of(path_)),
      file_(open_temporary(path_, name, temporary_path_)) {}

FileReplacement::~FileReplacement() {
  if (!is_committed_) ::unlink(temporary_path_.c_str());
}

void FileReplacement::append(std::span<const std::byte> content) {
  write_all(file_.get(), content, temporary_path_);
}

void FileReplacement::append(std::string_view text) { append(std::as_bytes(std::span(text))); }

void FileReplacement::commit(const std::filesystem::path& previous) {
  if (::fsync(file_.get()) != 0 || !file_.close()) throw_unwritable(temporary_path_, errno);
  if (!previous.empty()) keep_as(path_, previous);
  if (::rename(temporary_path_.c_str(), path_.c_str()) != 0) throw_unwritable(path_, errno);
  is_committed_ = true;
  // Some file systems cannot sync a folder and say so with EINVAL; there is nothing more to do.
  if (::fsync(folder_.get()) != 0 && errno != EINVAL) throw_unwritable(path_, errno);
}

void replace_file(const std::filesystem::path& path, std::span<const std::byte> content,
                  const std::filesystem::path& previous) {
  FileReplacement replacement(path);
  replacement.append(content);
  replacement.commit(previous);
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, std::as_bytes(std::span(content)));
}

std::string sha256(std::span<const std::byte> content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) !=
      1) {
    while (const unsigned long error = ERR_get_error())
      if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc();
    throw Error("SHA-256 is not available in this OpenSSL; expected its default provider");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace nabla
