// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "nabla/engine/executor.h"

namespace nabla {

/// The parallel executor of this build, for at least two threads.
std::unique_ptr<Executor> make_parallel_executor(std::size_t threads);

/// While it lives, denormal operands and results of the current thread count as zero: saturated
/// sigmoids produce them, and the CPU takes a hundred cycles over each.
class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

#if defined(__x86_64__)
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | kFlushToZero | kDenormalsAreZero); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  static constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
  unsigned saved_;
#elif defined(__aarch64__)
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    asm volatile("msr fpcr, %0" ::"r"(saved_ | kFlushToZero));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(saved_)); }

 private:
  static constexpr unsigned long kFlushToZero = 1UL << 24;
  unsigned long saved_;
#else
  FlushDenormals() = default;
#endif
};

}  // namespace nabla
