// SPDX-License-Identifier: MIT
#include "support/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <malloc.h>

#include "support/sanitizers.h"

#if defined(__GLIBC__) && !NABLA_SANITIZED

namespace {

std::atomic<std::size_t> count = 0;
std::atomic<std::size_t> largest = 0;

void note(std::size_t size) {
  ++count;
  std::size_t before = largest;
  while (size > before && !largest.compare_exchange_weak(before, size)) {
  }
}

}  // namespace

// These are the C library's names of its own allocator, whose free takes back the memory given out
// here. operator new comes here, too.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t elements, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  note(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t elements, std::size_t size) noexcept {
  note(elements * size);
  return __libc_calloc(elements, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  note(size);
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  note(size);
  return __libc_memalign(alignment, size);
}
}

namespace nabla::testing_support {
std::optional<std::size_t> allocations() { return count; }
std::optional<std::size_t> largest_allocation() { return largest.exchange(0); }
std::optional<std::size_t> bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
}  // namespace nabla::testing_support

#else

namespace nabla::testing_support {
std::optional<std::size_t> allocations() { return std::nullopt; }
std::optional<std::size_t> largest_allocation() { return std::nullopt; }
std::optional<std::size_t> bytes_in_use() { return std::nullopt; }
}  // namespace nabla::testing_support

#endif
