// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace nabla {

/// Returns the bytes of memory in this machine; the largest number if the system does not tell.
std::size_t physical_memory();

/// Asks the system for huge pages behind this block, which cost fewer page faults when it is first
/// written; does nothing for small blocks, or if the system has none.
void prefer_huge_pages(void* block, std::size_t bytes);

/// Returns a vector of `size` zeros in such pages.
template <class T>
std::vector<T> vector_in_huge_pages(std::size_t size) {
  std::vector<T> result;
  result.reserve(size);
  prefer_huge_pages(result.data(), size * sizeof(T));
  result.resize(size);
  return result;
}

/// Returns whether the error is that memory was not there: for an allocation, or for the stack of a
/// thread.
bool is_out_of_memory(const std::exception& error);

/// Returns the error's text, "out of memory" if it is that.
std::string error_text(const std::exception& error);

}  // namespace nabla
