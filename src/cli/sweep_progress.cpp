// SPDX-License-Identifier: MIT
#include "cli/sweep_progress.h"

#include <algorithm>
#include <iostream>

#include "cli/format.h"
#include "cli/terminal.h"

namespace nabla {

namespace {

/// More running trials than this say nothing on a screen.
constexpr std::size_t kMostRows = 12;

std::string number_of(std::size_t number, std::size_t of) {
  return std::to_string(number) + "/" + std::to_string(of);
}

}  // namespace

std::string cut(const std::string& text, std::size_t characters) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++count > characters) break;
  return text.substr(0, end);
}

std::string result_text(const TrialResult& result, Task task) {
  if (!result.is_finished())
    return result.status + (result.error.empty() ? "" : ": " + result.error);
  const Score& score = result.validation ? *result.validation
                       : result.test     ? *result.test
                                         : *result.train;
  std::string text = result.status + ", " +
                     (result.validation ? "validation "
                      : result.test     ? "test "
                                        : "training ") +
                     accuracy_text(task, score.accuracy) + ", cost " + general(score.cost);
  if (result.validation && result.test)
    text += ", test " + accuracy_text(task, result.test->accuracy);
  return text;
}

SweepTable::SweepTable(bool quiet, const std::vector<SweptKey>& keys)
    : style_(quiet                 ? Style::kSilent
             : error_is_terminal() ? Style::kTable
                                   : Style::kLines),
      keys_(keys) {}

void SweepTable::start(const SweepStart& start) {
  trials_ = start.trials;
  trainings_ = start.trainings;
  task_ = start.task;
  if (style_ != Style::kSilent && start.missing < start.trainings)
    std::cerr << start.folder.string() << ": "
              << number_of(start.trainings - start.missing, start.trainings) << " done earlier, "
              << start.missing << " left" << std::endl;
}

std::string SweepTable::described(std::size_t trial) const {
  return describe_trial(keys_, trials_[trial - 1]);
}

void SweepTable::after_trial(const TrialResult& result, const SweepProgress& progress) {
  if (style_ == Style::kSilent) return;
  clear();
  std::cerr << "trial " << number_of(result.trial, trials_.size()) << ": "
            << result_text(result, task_) << ", " << fixed(result.seconds, 2) << " s; "
            << described(result.trial);
  if (style_ == Style::kLines)
    std::cerr << " (" << number_of(progress.done, trainings_) << " done, ETA "
              << clock_time(progress.seconds_left) << ")";
  std::cerr << std::endl;
}

void SweepTable::draw(const SweepProgress& progress) {
  if (style_ != Style::kTable) return;
  std::vector<std::string> lines;
  for (const RunningTrial& one : progress.running) {
    if (lines.size() == kMostRows) break;
    lines.push_back("trial " + std::to_string(one.trial) + "  epoch " +
                    number_of(one.epoch, one.epochs) + "  " + percent(one.fraction) + "  cost " +
                    fixed(one.mean_cost, 4) + "  " + described(one.trial));
  }
  if (progress.best)
    lines.push_back("best: trial " + std::to_string(progress.best->trial) + ", " +
                    result_text(*progress.best, task_) + "; " + described(progress.best->trial));
  lines.push_back(number_of(progress.done, trainings_) + " done  " +
                  std::to_string(progress.running.size()) + " running  ETA " +
                  clock_time(progress.seconds_left));
  std::string text = drawn_lines_ > 0 ? "\x1b[" + std::to_string(drawn_lines_) + "F" : "";
  // The last column stays free: some terminals wrap when it is written.
  const std::size_t width = terminal_width() - 1;
  for (const std::string& line : lines) text += cut(line, width) + "\x1b[K\n";
  std::cerr << text << "\x1b[J" << std::flush;
  drawn_lines_ = lines.size();
}

void SweepTable::clear() {
  if (drawn_lines_ > 0) std::cerr << "\x1b[" << drawn_lines_ << "F\x1b[J" << std::flush;
  drawn_lines_ = 0;
}

}  // namespace nabla
