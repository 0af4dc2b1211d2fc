// SPDX-License-Identifier: MIT
#include "base/shared_memory.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/memory.h"

namespace nabla {

namespace {

[[noreturn]] void fail(int error) {
  throw std::system_error(error, std::generic_category(), "shared memory");
}

std::shared_ptr<const Descriptor> checked(int file) {
  if (file < 0) fail(errno);
  return std::make_shared<const Descriptor>(file);
}

struct stat status_of(const Descriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(errno);
  return status;
}

/// The end of a name, which no other file of this machine has.
std::string mark_of(const Descriptor& file) {
  const struct stat status = status_of(file);
  return " " + std::to_string(status.st_dev) + " " + std::to_string(status.st_ino);
}

}  // namespace

SharedMemory::SharedMemory(std::size_t size)
    : file_(checked(::memfd_create("nabla", MFD_CLOEXEC))), size_(size) {
  // The system would end the program if it had too few pages, here or later.
  if (size > physical_memory()) fail(ENOMEM);
  const int error = ::posix_fallocate(file_->get(), 0, static_cast<off_t>(size));
  if (error != 0) fail(error);
  map(PROT_READ | PROT_WRITE);
}

SharedMemory::SharedMemory(const std::string& name)
    : file_(checked(
          ::open(name.substr(0, name.find(' ')).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))),
      size_(static_cast<std::size_t>(status_of(*file_).st_size)) {
  // A container of its own has processes of its own under the same numbers.
  if (!name.ends_with(mark_of(*file_))) fail(ENOENT);
  map(PROT_READ);
}

std::string SharedMemory::name() const {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_->get()) +
         mark_of(*file_);
}

void SharedMemory::map(int protection) {
  void* const start = ::mmap(nullptr, size_, protection, MAP_SHARED, file_->get(), 0);
  if (start == MAP_FAILED) fail(errno);
  start_ = {static_cast<std::byte*>(start), [size = size_](std::byte* p) { ::munmap(p, size); }};
}

}  // namespace nabla
