// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

#include "nabla/base/matrix.h"

namespace nabla::testing_support {

/// Memory between two pages that nobody may touch: a program that reads or writes one element
/// beyond the last one, or a page before the first one, ends at once.
template <class T>
class GuardedMemory {
 public:
  explicit GuardedMemory(std::size_t elements)
      : page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
        inner_((elements * sizeof(T) + page_ - 1) / page_ * page_),
        base_(static_cast<char*>(
            ::mmap(nullptr, inner_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    if (base_ == MAP_FAILED || ::mprotect(base_ + page_, inner_, PROT_READ | PROT_WRITE) != 0)
      throw std::bad_alloc();
  }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;
  ~GuardedMemory() { ::munmap(base_, inner_ + 2 * page_); }

  std::span<T> all() { return {reinterpret_cast<T*>(base_ + page_), inner_ / sizeof(T)}; }

  /// Returns a matrix whose last element is the last one of the memory.
  MatrixView<T> matrix(std::size_t rows, std::size_t cols, std::size_t stride) {
    const std::size_t size = rows == 0 ? 0 : (rows - 1) * stride + cols;
    return {all().last(size).data(), rows, cols, stride};
  }

 private:
  std::size_t page_;
  std::size_t inner_;
  char* base_;
};

}  // namespace nabla::testing_support
