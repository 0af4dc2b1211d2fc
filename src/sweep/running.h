// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <mutex>
#include <vector>

#include "nabla/train/trainer.h"

namespace nabla {

/// A trial that runs, as far as it has come.
struct RunningTrial {
  std::size_t trial;
  std::size_t epoch;   ///< from 1
  std::size_t epochs;  ///< asked for
  double fraction;     ///< of all its epochs, 0 to 1
  double mean_cost;    ///< of the epoch's rows so far
};

/// The trials that run now. A trial's own thread notes its mini-batches, which costs it next to
/// nothing; any thread may look.
class RunningTrials {
 public:
  class Entry {
   public:
    explicit Entry(std::size_t trial) : trial_(trial) {}
    void note(const BatchReport& report);
    RunningTrial now() const;

   private:
    std::size_t trial_;
    std::atomic<std::size_t> epoch_{1};
    std::atomic<std::size_t> epochs_{1};
    std::atomic<double> epoch_fraction_{0};
    std::atomic<double> mean_cost_{0};
  };

  /// Among the running trials as long as it lives.
  class Place {
   public:
    Place(RunningTrials& trials, std::size_t trial);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Entry& operator*() const { return *entry_; }

   private:
    RunningTrials& trials_;
    std::list<Entry>::iterator entry_;
  };

  std::vector<RunningTrial> now() const;

 private:
  mutable std::mutex mutex_;
  std::list<Entry> entries_;
};

}  // namespace nabla
