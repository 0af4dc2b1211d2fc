// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <cstdint>
#include <limits>
#include <new>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace nabla {

std::size_t physical_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_size <= 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_size);
}

void prefer_huge_pages(void* block, std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::size_t kSmallest = std::size_t{1} << 23;
  if (bytes < kSmallest) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t skipped = (page - address % page) % page;
  // It is a hint, so that a refusal changes nothing.
  ::madvise(static_cast<char*>(block) + skipped, bytes - skipped, MADV_HUGEPAGE);
#else
  static_cast<void>(block);
  static_cast<void>(bytes);
#endif
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const auto* const system = dynamic_cast<const std::system_error*>(&error);
  // A thread for whose stack there is no memory may be started later.
  return system != nullptr && (system->code() == std::errc::not_enough_memory ||
                               system->code() == std::errc::resource_unavailable_try_again);
}

std::string error_text(const std::exception& error) {
  return is_out_of_memory(error) ? "out of memory" : error.what();
}

}  // namespace nabla
