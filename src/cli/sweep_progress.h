// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sweep/sweep.h"

namespace nabla {

/// Progress of a sweep on standard error: a line for each trial that ends, and where that is a
/// terminal a table below them of what runs, the best so far and the time left; nothing when quiet.
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

/// At most so many characters of a UTF-8 text.
std::string cut(const std::string& text, std::size_t characters);

}  // namespace nabla
