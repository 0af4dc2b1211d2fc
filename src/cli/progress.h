// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "nabla/train/trainer.h"

#include "run/training_run.h"
#include "sweep/sweep.h"

namespace nabla {

/// Progress of a training on standard error: a bar if that is a terminal, else a line per epoch;
/// nothing if `quiet`.
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

/// The figures that the bar shows.
struct BarState {
  BatchReport report;
  double samples_per_second;
  double seconds_left;
  std::string last_score;  ///< of the epoch before; may be empty
};

/// The bar in at most `width` characters; the least important figures are left out first.
std::string bar_line(const BarState& state, std::size_t width);

/// Progress of a sweep on standard error: a line for each trial that ends, and if that is a
/// terminal a table below them of the running trials, the best so far and the time left; nothing if
/// `quiet`.
class SweepTable {
 public:
  SweepTable(bool quiet, const std::vector<SweptKey>& keys);
  ~SweepTable() { clear(); }
  SweepTable(const SweepTable&) = delete;
  SweepTable& operator=(const SweepTable&) = delete;

  void start(const SweepStart& start);
  void after_trial(const TrialResult& result, const SweepProgress& progress);
  void draw(const SweepProgress& progress);
  /// Takes the table away.
  void clear();

 private:
  enum class Style { kSilent, kLines, kTable };

  std::string described(std::size_t trial) const;

  Style style_;
  const std::vector<SweptKey>& keys_;
  std::vector<Trial> trials_;
  std::size_t trainings_ = 0;
  Task task_ = Task::kClassification;
  std::size_t drawn_lines_ = 0;
};

/// "completed, validation accuracy 95.12%, cost 0.1234"
std::string result_text(const TrialResult& result, Task task);

}  // namespace nabla
