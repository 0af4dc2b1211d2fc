// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <algorithm>
#include <iostream>
#include <vector>

#include "cli/format.h"
#include "cli/terminal.h"
#include "report/numbers.h"
#include "run/time_left.h"

namespace nabla {

namespace {

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string bar(double fraction, std::size_t width) {
  const auto inner = static_cast<double>(width - 2);
  const auto filled = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * inner);
  return "[" + std::string(filled, '#') + std::string(width - 2 - filled, '.') + "]";
}

/// A screen shows at most so many running trials.
constexpr std::size_t kMostRows = 12;

std::string number_of(std::size_t number, std::size_t of) {
  return std::to_string(number) + "/" + std::to_string(of);
}

}  // namespace

std::string bar_line(const BarState& state, std::size_t width) {
  constexpr std::size_t kNarrowestBar = 10;
  constexpr std::size_t kWidestBar = 40;
  const BatchReport& report = state.report;
  const std::string epoch =
      "epoch " + std::to_string(report.epoch) + "/" + std::to_string(report.epochs);
  // In order of importance; shown in this order, behind the bar.
  std::vector<std::string> pieces = {
      "ETA " + clock_time(state.seconds_left), "cost " + fixed(report.mean_cost, 4),
      with_thousands(state.samples_per_second) + " samples/s",
      std::to_string(report.row) + "/" + std::to_string(report.rows) + " rows", state.last_score};
  std::erase(pieces, "");
  const auto length = [&] {
    std::size_t sum = epoch.size();
    for (const std::string& piece : pieces) sum += 2 + piece.size();
    return sum;
  };
  while (!pieces.empty() && length() + kNarrowestBar + 1 > width) pieces.pop_back();
  std::string line = epoch;
  if (length() + kNarrowestBar + 1 <= width)
    line += " " + bar(static_cast<double>(report.row) / static_cast<double>(report.rows),
                      std::min(kWidestBar, width - length() - 1));
  for (const std::string& piece : pieces) line += "  " + piece;
  return line.substr(0, width);
}

Progress::Progress(bool quiet)
    : style_(quiet                 ? Style::kSilent
             : error_is_terminal() ? Style::kBar
                                   : Style::kLines) {}

void Progress::start(const RunStart& start) {
  task_ = start.task;
  epochs_ = start.epochs;
  started_ = Clock::now();
  rows_before_ = static_cast<double>(start.rows_before);
}

void Progress::after_batch(const BatchReport& report) {
  if (style_ != Style::kBar) return;
  const Clock::time_point now = Clock::now();
  if (is_drawn_ && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  is_drawn_ = true;
  // The time left counts evaluations too, the rate shown does not.
  const BarState state{report, static_cast<double>(report.row) / report.seconds,
                       time_left(report, rows_before_, seconds_between(started_, now)),
                       last_score_};
  // The last column stays free: some terminals wrap when it is written.
  std::cerr << "\r" << bar_line(state, terminal_width() - 1) << "\x1b[K" << std::flush;
}

void Progress::after_epoch(const EpochReport& report) {
  if (report.test) last_score_ = "test " + accuracy_text(task_, report.test->goodness);
  if (report.validation)
    last_score_ = "validation " + accuracy_text(task_, report.validation->goodness);
  if (style_ != Style::kLines) return;
  std::string line = "epoch " + std::to_string(report.epoch) + "/" + std::to_string(epochs_) +
                     ": cost " + general(report.train.cost) + ", " +
                     accuracy_text(task_, report.train.goodness);
  if (report.validation)
    line += ", validation " + accuracy_text(task_, report.validation->goodness);
  if (report.test) line += ", test " + accuracy_text(task_, report.test->goodness);
  std::cerr << line << ", " << with_thousands(report.samples_per_second) << " samples/s, "
            << duration_text(report.seconds) << std::endl;
}

void Progress::clear() {
  if (is_drawn_) std::cerr << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

std::string result_text(const TrialResult& result, Task task) {
  if (!result.is_finished())
    return result.status + (result.error.empty() ? "" : ": " + result.error);
  if (!result.crossval) return result.status + ", " + scores_text(result, task);
  return result.status + ", cross-validation " + accuracy_text(task, result.crossval->goodness) +
         " ± " + report::accuracy_text(task, result.crossval_deviation) + ", cost " +
         general(result.crossval->cost);
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
            << result_text(result, task_) << ", " << duration_text(result.seconds) << "; "
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
    const std::string place = one.trainings > 1 ? number_of(one.ended, one.trainings) + " folds"
                                                : "epoch " + number_of(one.epoch, one.epochs);
    const std::string state = one.fraction > 0 ? place + "  " + percent(one.fraction) + "  cost " +
                                                     fixed(one.mean_cost, 4)
                                               : "starts";
    lines.push_back("trial " + std::to_string(one.trial) + "  " + state + "  " +
                    described(one.trial));
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
