// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "nabla/train/trainer.h"

#include "run/experiment.h"

namespace nabla {

/// Progress of a training on standard error: a bar where that is a terminal, else a line per
/// epoch; nothing when quiet.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void start(const RunStart& start);
  /// Redraws the bar a few times a second at most.
  void after_batch(const BatchReport& report);
  void after_epoch(const EpochReport& report);
  /// Takes the bar away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  enum class Style { kSilent, kLines, kBar };

  Style style_;
  Task task_ = Task::kClassification;
  Clock::time_point started_;
  Clock::time_point drawn_;
  bool is_drawn_ = false;
  std::size_t epochs_ = 0;
  double rows_before_ = 0;  ///< trained before this run went on
  std::string last_score_;
};

/// What the bar shows.
struct BarState {
  BatchReport report;
  double samples_per_second;
  double seconds_left;
  std::string last_score;  ///< of the epoch before; may be empty
};

/// The bar in at most `width` characters: what matters least is left out first.
std::string bar_line(const BarState& state, std::size_t width);

}  // namespace nabla
