// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <algorithm>
#include <iostream>
#include <vector>

#include "cli/format.h"
#include "cli/terminal.h"

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
  started_ = Clock::now();
  rows_before_ = static_cast<double>(start.rows_before);
}

void Progress::after_batch(const BatchReport& report) {
  epochs_ = report.epochs;
  if (style_ != Style::kBar) return;
  const Clock::time_point now = Clock::now();
  if (is_drawn_ && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  is_drawn_ = true;
  // The time left counts evaluations too, the rate shown does not.
  const double rows = static_cast<double>(report.rows);
  const double done =
      static_cast<double>(report.epoch - 1) * rows + static_cast<double>(report.row);
  const double all = static_cast<double>(report.epochs) * rows;
  const BarState state{report, static_cast<double>(report.row) / report.seconds,
                       seconds_between(started_, now) * (all - done) / (done - rows_before_),
                       last_score_};
  // The last column stays free: some terminals wrap when it is written.
  std::cerr << "\r" << bar_line(state, terminal_width() - 1) << "\x1b[K" << std::flush;
}

void Progress::after_epoch(const EpochReport& report) {
  if (report.test) last_score_ = "test " + accuracy_text(task_, report.test->accuracy);
  if (report.validation)
    last_score_ = "validation " + accuracy_text(task_, report.validation->accuracy);
  if (style_ != Style::kLines) return;
  std::string line = "epoch " + std::to_string(report.epoch) + "/" + std::to_string(epochs_) +
                     ": cost " + general(report.train.cost) + ", " +
                     accuracy_text(task_, report.train.accuracy);
  if (report.validation)
    line += ", validation " + accuracy_text(task_, report.validation->accuracy);
  if (report.test) line += ", test " + accuracy_text(task_, report.test->accuracy);
  std::cerr << line << ", " << with_thousands(report.samples_per_second) << " samples/s, "
            << fixed(report.seconds, 2) << " s" << std::endl;
}

void Progress::clear() {
  if (is_drawn_) std::cerr << "\r\x1b[K" << std::flush;
  is_drawn_ = false;
}

}  // namespace nabla
