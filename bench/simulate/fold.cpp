// SPDX-License-Identifier: MIT
//
// Folds the large arrays of simulated ranks: the n-th array of a size is the same memory in every
// rank, so that hundreds of ranks fit into one machine. What they train is wrong then, what they
// send, and so the simulated time, is not. bench/simulate/simulate asks for it.
//
// The arrays are those of nabla::AlignedArray, which alone allocates with an alignment.
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <smpi/mpi.h>
#include <string>

namespace {

constexpr std::size_t kFoldedBytes = 256 * 1024;

/// The arrays of one rank. Each has a copy of this program, and so of its variables.
class FoldedArrays {
 public:
  void* allocate(std::size_t size) {
    const std::lock_guard lock(mutex_);
    // SMPI knows shared memory by the place in a source file that asks for it.
    void* const begin = smpi_shared_malloc(size, std::to_string(size).c_str(), ++allocated_[size]);
    folded_.insert(begin);
    return begin;
  }

  /// Returns whether the array was folded.
  bool release(void* begin) {
    const std::lock_guard lock(mutex_);
    if (folded_.erase(begin) == 0) return false;
    smpi_shared_free(begin);
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::size_t, int> allocated_;
  std::set<void*> folded_;
};

bool is_folding() {
  static const bool is_set = std::getenv("NABLA_SIMULATE_FOLDED") != nullptr;
  return is_set;
}

FoldedArrays& folded_arrays() {
  // Arrays of static objects may be released after everything else.
  static auto* const arrays = new FoldedArrays;
  return *arrays;
}

}  // namespace

void* operator new[](std::size_t size, std::align_val_t alignment) {
  if (is_folding() && size >= kFoldedBytes) return folded_arrays().allocate(size);
  const auto boundary = static_cast<std::size_t>(alignment);
  void* const begin = std::aligned_alloc(boundary, (size + boundary - 1) / boundary * boundary);
  return begin != nullptr ? begin : throw std::bad_alloc();
}

void operator delete[](void* begin, std::align_val_t) noexcept {
  if (!is_folding() || !folded_arrays().release(begin)) std::free(begin);
}
