// SPDX-License-Identifier: MIT
// Writes documents that look like text to standard output, as LIBSVM rows: words drawn by Zipf's
// law, weighted by tf-idf and divided by the row's length. Each class prefers words of its own, so
// that there is something to learn. The same arguments give the same bytes everywhere.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view kUsage =
    "usage: nabla_zipf_text [key=number ...] > FILE\n"
    "  rows=20000      rows, or\n"
    "  megabytes=0     rows until the text has so many millions of bytes\n"
    "  columns=47000   different words\n"
    "  words=75        different words of a row on average, from half to one and a half as many\n"
    "  classes=4       classes, 0, 1, ...\n"
    "  own=0.15        share of the words that are drawn from those of the row's class\n"
    "  seed=1\n";

using Arguments = std::map<std::string, double, std::less<>>;

[[noreturn]] void fail(const std::string& message) {
  std::fputs((message + "\n" + std::string(kUsage)).c_str(), stderr);
  std::exit(2);
}

Arguments parse(int count, char** words) {
  Arguments arguments = {{"rows", 20000}, {"megabytes", 0}, {"columns", 47000}, {"words", 75},
                         {"classes", 4},  {"own", 0.15},    {"seed", 1}};
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const std::size_t equals = std::min(word.find('='), word.size());
    const auto argument = arguments.find(word.substr(0, equals));
    const char* const end = word.data() + word.size();
    if (argument == arguments.end() || equals == word.size() ||
        std::from_chars(word.data() + equals + 1, end, argument->second).ptr != end)
      fail("unknown argument " + std::string(word));
  }
  for (const char* key : {"rows", "columns", "words", "classes"})
    if (arguments[key] < 1) fail(std::string(key) + ": expected 1 or more");
  if (arguments["words"] * 3 > arguments["columns"]) fail("words: expected a third of columns");
  return arguments;
}

class Documents {
 public:
  explicit Documents(Arguments& arguments)
      : columns_(static_cast<std::uint32_t>(arguments["columns"])),
        words_(static_cast<std::uint32_t>(arguments["words"])),
        classes_(static_cast<std::uint32_t>(arguments["classes"])),
        own_(arguments["own"]),
        random_(static_cast<std::uint64_t>(arguments["seed"])) {
    // Mandelbrot's form of the law: the word of rank r occurs 1 / (r + 2.7) times as often.
    double sum = 0;
    for (std::uint32_t rank = 0; rank < columns_; ++rank) {
      sum += 1 / (rank + 2.7);
      cumulative_.push_back(sum);
    }
    // The index of a word says nothing about its frequency.
    for (std::uint32_t i = 0; i < columns_; ++i) column_of_rank_.push_back(i);
    for (std::uint32_t i = columns_ - 1; i > 0; --i)
      std::swap(column_of_rank_[i], column_of_rank_[below(i + 1)]);
  }

  /// Appends a row to the text.
  void write_row(std::string& text) {
    const std::uint32_t label = below(classes_);
    const std::uint32_t size = words_ - words_ / 2 + below(words_ / 2 * 2 + 1);
    ranks_.clear();
    while (ranks_.size() < size) {
      for (std::size_t i = ranks_.size(); i < size; ++i) ranks_.push_back(draw_rank(label));
      std::ranges::sort(ranks_);
      ranks_.erase(std::unique(ranks_.begin(), ranks_.end()), ranks_.end());
    }
    entries_.clear();
    double squares = 0;
    for (const std::uint32_t rank : ranks_) {
      const double weight = std::log1p(rank + 2.7) * (1 + 0.3 * (below(8) == 0));
      entries_.emplace_back(column_of_rank_[rank] + 1, weight);
      squares += weight * weight;
    }
    std::ranges::sort(entries_);
    text += std::to_string(label);
    for (const auto& [index, weight] : entries_) {
      char number[32];
      const auto end = std::to_chars(number, number + sizeof number, weight / std::sqrt(squares),
                                     std::chars_format::fixed, 4)
                           .ptr;
      text += ' ';
      text += std::to_string(index);
      text += ':';
      text.append(number, end);
    }
    text += '\n';
  }

 private:
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  std::uint32_t below(std::uint32_t n) {
    return std::min(n - 1, static_cast<std::uint32_t>(uniform() * n));
  }
  /// A class's own words are those whose rank leaves its number as the rest.
  std::uint32_t draw_rank(std::uint32_t label) {
    const auto found = std::ranges::upper_bound(cumulative_, uniform() * cumulative_.back());
    const auto rank =
        std::min(columns_ - 1, static_cast<std::uint32_t>(found - cumulative_.begin()));
    if (uniform() >= own_) return rank;
    return std::min(columns_ - 1, rank - rank % classes_ + label);
  }

  std::uint32_t columns_;
  std::uint32_t words_;
  std::uint32_t classes_;
  double own_;
  std::mt19937_64 random_;
  std::vector<double> cumulative_;
  std::vector<std::uint32_t> column_of_rank_;
  std::vector<std::uint32_t> ranks_;
  std::vector<std::pair<std::uint32_t, double>> entries_;
};

}  // namespace

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--help") {
    std::fputs(std::string(kUsage).c_str(), stdout);
    return 0;
  }
  Arguments arguments = parse(count, words);
  Documents documents(arguments);
  const double bytes = arguments["megabytes"] * 1e6;
  double written = 0;
  for (double row = 0; bytes > 0 ? written < bytes : row < arguments["rows"];) {
    std::string text;
    for (int i = 0; i < 1000 && (bytes > 0 || row < arguments["rows"]); ++i, ++row)
      documents.write_row(text);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) return 1;
    written += static_cast<double>(text.size());
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
