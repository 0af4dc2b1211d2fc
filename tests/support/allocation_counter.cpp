// SPDX-License-Identifier: MIT
#include "support/allocation_counter.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <link.h>
#include <malloc.h>
#include <unwind.h>

#include "support/sanitizers.h"

#if defined(__GLIBC__) && !NABLA_SANITIZED

namespace {

std::atomic<std::size_t> count = 0;
std::atomic<std::size_t> largest = 0;

/// The code of a library whose allocations are counted apart; none while the end is 0.
struct Code {
  const char* library = nullptr;
  std::uintptr_t first = 0, end = 0;
};
Code apart_code;
std::atomic<std::size_t> count_apart_so_far = 0;

int find_code(dl_phdr_info* info, std::size_t, void* argument) {
  Code& code = *static_cast<Code*>(argument);
  if (std::strstr(info->dlpi_name, code.library) == nullptr) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    code.first = info->dlpi_addr + segment.p_vaddr;
    code.end = code.first + segment.p_memsz;
  }
  return 1;
}

/// Goes up the callers until one is in the code; says so in *argument.
_Unwind_Reason_Code look_for_code(_Unwind_Context* caller, void* argument) {
  const auto place = static_cast<std::uintptr_t>(_Unwind_GetIP(caller));
  const bool is_in = place >= apart_code.first && place < apart_code.end;
  if (is_in) *static_cast<bool*>(argument) = true;
  return is_in ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

bool comes_from_apart_code() {
  static thread_local bool is_looking = false;
  // Whoever unwinds the stack may allocate, too.
  if (apart_code.end == 0 || is_looking) return false;
  bool is_in = false;
  is_looking = true;
  _Unwind_Backtrace(look_for_code, &is_in);
  is_looking = false;
  return is_in;
}

void note(std::size_t size) {
  if (comes_from_apart_code()) {
    ++count_apart_so_far;
    return;
  }
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
bool count_apart(const char* library) {
  Code code{library};
  dl_iterate_phdr(find_code, &code);
  apart_code = code;
  return code.end > 0;
}
std::optional<std::size_t> allocations_apart() { return count_apart_so_far; }
std::optional<std::size_t> largest_allocation() { return largest.exchange(0); }
std::optional<std::size_t> bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
}  // namespace nabla::testing_support

#else

namespace nabla::testing_support {
std::optional<std::size_t> allocations() { return std::nullopt; }
bool count_apart(const char*) { return false; }
std::optional<std::size_t> allocations_apart() { return std::nullopt; }
std::optional<std::size_t> largest_allocation() { return std::nullopt; }
std::optional<std::size_t> bytes_in_use() { return std::nullopt; }
}  // namespace nabla::testing_support

#endif
