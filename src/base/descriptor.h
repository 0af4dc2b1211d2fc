// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nabla {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
  /// Closes now, so that a late write error is seen; returns false with errno set.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

/// Opens a file for reading and learns its kind and size. Throws DataError naming the file when it
/// is missing, a folder or unreadable.
Descriptor open_readable(const std::filesystem::path& path, struct stat& status);

/// read_file from a descriptor at the start of its file; `name` stands for the file in errors.
std::vector<std::byte> read_file(Descriptor file, const struct stat& status, std::string name,
                                 std::size_t limit);

/// Throws the DataError of a file that cannot be read, for a value of errno.
[[noreturn]] void throw_unreadable(const std::string& name, int error);

}  // namespace nabla
