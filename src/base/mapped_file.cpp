// SPDX-License-Identifier: MIT
#include "base/mapped_file.h"

#include <array>
#include <cerrno>
#include <sys/mman.h>
#include <utility>
#include <vector>

#include "nabla/base/file.h"

#include "base/input_stream.h"

namespace nabla {

namespace {

/// Owns a read-only mapping of a whole file.
class Mapping {
 public:
  Mapping(const Descriptor& file, std::size_t size)
      : start_(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0)), size_(size) {}
  ~Mapping() {
    if (valid()) ::munmap(start_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  bool valid() const { return start_ != MAP_FAILED; }
  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(start_), size_};
  }

 private:
  void* start_;
  std::size_t size_;
};

bool starts_as_gzip(const Descriptor& file, const std::string& name) {
  std::array<std::byte, 2> start{};
  ssize_t got = 0;
  do got = ::pread(file.get(), start.data(), start.size(), 0);
  while (got < 0 && errno == EINTR);
  if (got < 0) throw_unreadable(name, errno);
  return is_gzip(std::span(start).first(static_cast<std::size_t>(got)));
}

/// Reads from the descriptor that is open already, as opening a pipe again may wait for ever.
FileBytes in_memory(Descriptor file, const struct stat& status, const std::string& name) {
  auto content = std::make_shared<const std::vector<std::byte>>(
      read_file(std::move(file), status, name, kMostFileBytes));
  const std::span<const std::byte> bytes = *content;
  return {bytes, std::move(content)};
}

}  // namespace

FileBytes map_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  struct stat status {};
  Descriptor file = open_readable(path, status);
  // Reading from a pipe takes the bytes away, and an empty file cannot be mapped.
  if (!S_ISREG(status.st_mode) || status.st_size == 0 || starts_as_gzip(file, name))
    return in_memory(std::move(file), status, name);
  auto mapping = std::make_shared<const Mapping>(file, static_cast<std::size_t>(status.st_size));
  if (!mapping->valid()) {
    if (errno == ENODEV)
      return in_memory(std::move(file), status, name);  // the file system has no mappings
    throw_unreadable(name, errno);
  }
  const std::span<const std::byte> bytes = mapping->bytes();
  return {bytes, std::move(mapping), true};
}

}  // namespace nabla
