// SPDX-License-Identifier: MIT
#include "sweep/running.h"

namespace nabla {

void RunningTrials::Entry::note(const BatchReport& report) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  epoch_.store(report.epoch, kRelaxed);
  epochs_.store(report.epochs, kRelaxed);
  epoch_fraction_.store(static_cast<double>(report.row) / static_cast<double>(report.rows),
                        kRelaxed);
  mean_cost_.store(report.mean_cost, kRelaxed);
}

RunningTrial RunningTrials::Entry::now() const {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  RunningTrial now{trial_, epoch_.load(kRelaxed), epochs_.load(kRelaxed), 0,
                   mean_cost_.load(kRelaxed)};
  now.fraction = (static_cast<double>(now.epoch - 1) + epoch_fraction_.load(kRelaxed)) /
                 static_cast<double>(now.epochs);
  return now;
}

RunningTrials::Place::Place(RunningTrials& trials, std::size_t trial) : trials_(trials) {
  const std::lock_guard lock(trials_.mutex_);
  entry_ = trials_.entries_.emplace(trials_.entries_.end(), trial);
}

RunningTrials::Place::~Place() {
  const std::lock_guard lock(trials_.mutex_);
  trials_.entries_.erase(entry_);
}

std::vector<RunningTrial> RunningTrials::now() const {
  const std::lock_guard lock(mutex_);
  std::vector<RunningTrial> trials;
  for (const Entry& entry : entries_) trials.push_back(entry.now());
  return trials;
}

}  // namespace nabla
