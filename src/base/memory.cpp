// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <limits>
#include <new>
#include <system_error>
#include <unistd.h>

namespace nabla {

std::size_t physical_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_size <= 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_size);
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
