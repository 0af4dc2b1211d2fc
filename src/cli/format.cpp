// SPDX-License-Identifier: MIT
#include "cli/format.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "cli/terminal.h"
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

std::string wrapped(const std::string& text, std::size_t width) {
  std::string joined;
  bool is_paragraph = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool was_paragraph = std::exchange(is_paragraph, !line.empty() && line.front() != ' ');
    if (was_paragraph) joined += is_paragraph ? ' ' : '\n';
    joined += line;
    if (!is_paragraph) joined += '\n';
  }
  if (is_paragraph) joined += '\n';
  return broken(joined, width);
}

std::string broken(const std::string& text, std::size_t width) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (characters(line) <= width) {
      result += line + "\n";
      continue;
    }
    const std::string indent(std::min(line.find_first_not_of(' '), line.size()), ' ');
    std::string part = indent;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const bool begins = part.size() == indent.size();
      if (!begins && characters(part) + 1 + characters(word) > width) {
        result += part + "\n";
        part = indent + word;
      } else {
        part += (begins ? "" : " ") + word;
      }
    }
    result += part + "\n";
  }
  return result;
}

std::string cut(const std::string& text, std::size_t characters) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++count > characters) break;
  return text.substr(0, end);
}

namespace {

/// The columns `from` to `to` of the rows, behind their first column.
std::string aligned_part(const std::vector<std::vector<std::string>>& rows,
                         const std::vector<std::size_t>& widths, std::size_t from, std::size_t to) {
  std::string text;
  for (const auto& row : rows) {
    const auto padding = [&](std::size_t i) {
      return std::string(widths[i] - characters(row[i]), ' ');
    };
    std::string line = row.empty() ? "" : row[0] + padding(0);
    for (std::size_t i = from; i < std::min(to, row.size()); ++i)
      line += "  " + padding(i) + row[i];
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  std::vector<std::vector<std::string>> cells = rows;
  const std::size_t most = width / 3;
  std::vector<std::size_t> widths;
  for (auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (characters(row[i]) > most) row[i] = cut(row[i], most - 1) + "…";
      widths[i] = std::max(widths[i], characters(row[i]));
    }
  }
  std::string text;
  std::size_t from = 1;
  do {
    std::size_t to = from;
    for (std::size_t taken = widths.empty() ? 0 : widths[0]; to < widths.size(); ++to) {
      taken += 2 + widths[to];
      if (taken > width && to > from) break;
    }
    text += (text.empty() ? "" : "\n") + aligned_part(cells, widths, from, to);
    from = to;
  } while (from < widths.size());
  return text;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  return aligned(rows, table_width());
}

std::string described(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  std::size_t widest = 0;
  for (const auto& row : rows) widest = std::max(widest, characters(row[0]));
  const std::string indent(widest + 2, ' ');
  std::string text;
  for (const auto& row : rows) {
    std::string line = row[0] + ":" + std::string(widest - characters(row[0]) + 1, ' ');
    bool is_begun = false;
    std::istringstream words(row[1]);
    for (std::string word; std::getline(words, word, ' ');) {
      if (is_begun && characters(line) + 1 + characters(word) > width) {
        text += line + "\n";
        line = indent;
        is_begun = false;
      }
      line += (is_begun ? " " : "") + word;
      is_begun = true;
    }
    text += line + "\n";
  }
  return text;
}

std::string described(const std::vector<std::vector<std::string>>& rows) {
  return described(rows, table_width());
}

}  // namespace nabla
