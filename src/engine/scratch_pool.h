// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

namespace nabla {

/// Things of one kind that running tasks borrow: one per thread, so that the memory does not grow
/// with the number of tasks. A borrowed thing holds whatever the task before left there.
template <class Thing>
class ScratchPool {
 public:
  /// Copies of `model`, one for each of the threads.
  ScratchPool(std::size_t threads, const Thing& model) : things_(threads, model) {
    for (Thing& thing : things_) free_.push_back(&thing);
  }

  /// A thing until the end of the borrower's life.
  class Loan {
   public:
    explicit Loan(ScratchPool& pool) : pool_(pool), thing_(pool.take()) {}
    ~Loan() { pool_.give_back(thing_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Thing& operator*() const { return *thing_; }
    Thing* operator->() const { return thing_; }

   private:
    ScratchPool& pool_;
    Thing* thing_;
  };

 private:
  /// At most `threads` loans are out at once, as tasks that hold one run no others.
  Thing* take() {
    const std::lock_guard lock(mutex_);
    Thing* thing = free_.back();
    free_.pop_back();
    return thing;
  }
  void give_back(Thing* thing) {
    const std::lock_guard lock(mutex_);
    free_.push_back(thing);
  }

  std::vector<Thing> things_;
  std::mutex mutex_;
  std::vector<Thing*> free_;
};

}  // namespace nabla
