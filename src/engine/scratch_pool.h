// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "nabla/base/matrix.h"

namespace nabla {

/// Arrays of one size that running tasks borrow: one per thread, so that the memory does not grow
/// with the number of tasks. A borrowed array holds whatever the task before left there.
template <class T>
class ScratchPool {
 public:
  ScratchPool(std::size_t threads, std::size_t size) : arrays_(threads, AlignedArray<T>(size)) {
    for (AlignedArray<T>& array : arrays_) free_.push_back(&array);
  }

  /// An array until the end of the borrower's life.
  class Loan {
   public:
    explicit Loan(ScratchPool& pool) : pool_(pool), array_(pool.take()) {}
    ~Loan() { pool_.give_back(array_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    T* data() { return array_->data(); }

   private:
    ScratchPool& pool_;
    AlignedArray<T>* array_;
  };

 private:
  /// At most `threads` loans are out at once, as tasks that hold one run no others.
  AlignedArray<T>* take() {
    const std::lock_guard lock(mutex_);
    AlignedArray<T>* array = free_.back();
    free_.pop_back();
    return array;
  }
  void give_back(AlignedArray<T>* array) {
    const std::lock_guard lock(mutex_);
    free_.push_back(array);
  }

  std::vector<AlignedArray<T>> arrays_;
  std::mutex mutex_;
  std::vector<AlignedArray<T>*> free_;
};

}  // namespace nabla
