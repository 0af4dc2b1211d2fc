// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <cstdint>
#include <limits>
#include <sys/mman.h>
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

}  // namespace nabla
