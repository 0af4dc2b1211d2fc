// SPDX-License-Identifier: MIT
#include "cli/format.h"

#include <algorithm>
#include <cmath>

#include "report/numbers.h"

namespace nabla {

namespace {

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string two_digits(long value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

std::string percent(double fraction) { return fixed(100 * fraction, 2) + "%"; }

std::string clock_time(double seconds) {
  if (!std::isfinite(seconds) || seconds > 1e9) return "?";
  const long total = std::lround(seconds);
  const long minutes = total / 60;
  const std::string tail = ":" + two_digits(total % 60);
  if (minutes < 60) return std::to_string(minutes) + tail;
  return std::to_string(minutes / 60) + ":" + two_digits(minutes % 60) + tail;
}

std::string accuracy_text(Task task, double accuracy) {
  return report::accuracy_name(task) + " " + report::accuracy_text(task, accuracy);
}

std::string scores_text(const RowScores& scores, Task task) {
  const ScoredRows& judged = *judged_rows(scores);
  const Score& score = *(scores.*judged.score);
  std::string text = std::string(judged.name) + " " + accuracy_text(task, score.goodness) +
                     ", cost " + general(score.cost);
  if (scores.validation && scores.test)
    text += ", test " + accuracy_text(task, scores.test->goodness);
  return text;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], characters(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - characters(row[i]), ' ');
      line += i == 0 ? row[i] + padding : "  " + padding + row[i];
    }
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string described(const std::vector<std::vector<std::string>>& rows) {
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, row[0].size());
  std::string text;
  for (const auto& row : rows)
    text += row[0] + ":" + std::string(widest - row[0].size() + 1, ' ') + row[1] + "\n";
  return text;
}

}  // namespace nabla
