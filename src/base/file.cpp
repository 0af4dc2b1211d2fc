// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include "nabla/base/error.h"

#include "base/input_stream.h"

namespace nabla {

namespace {

/// Removes a file when it goes out of scope, unless `keep` was called.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void keep() { path_.clear(); }

 private:
  std::filesystem::path path_;
};

[[noreturn]] void throw_unwritable(const std::filesystem::path& path, int error) {
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

}  // namespace

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

void replace_file(const std::filesystem::path& path, std::span<const std::byte> content,
                  const std::filesystem::path& previous) {
  // The folder is opened first: if that fails, nothing has been touched yet.
  const auto parent = path.parent_path();
  const Descriptor folder(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) throw_unwritable(path, errno);

  auto temporary_path = path;
  temporary_path += ".tmp";
  Descriptor file(::open(temporary_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.valid()) throw_unwritable(temporary_path, errno);
  TemporaryFile temporary(temporary_path);
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0 && ::fchmod(file.get(), old.st_mode & 0777U) != 0)
    throw_unwritable(temporary_path, errno);
  write_all(file.get(), content, temporary_path);
  if (::fsync(file.get()) != 0 || !file.close()) throw_unwritable(temporary_path, errno);
  if (!previous.empty()) keep_as(path, previous);
  if (::rename(temporary_path.c_str(), path.c_str()) != 0) throw_unwritable(path, errno);
  temporary.keep();
  // Some file systems cannot sync a folder and say so with EINVAL; there is nothing more to do.
  if (::fsync(folder.get()) != 0 && errno != EINVAL) throw_unwritable(path, errno);
}

void replace_file(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, std::as_bytes(std::span(content)));
}

std::string sha256(std::span<const std::byte> content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) !=
      1) {
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
