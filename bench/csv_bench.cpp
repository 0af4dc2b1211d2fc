// SPDX-License-Identifier: MIT
//
// csv/<kind of cells> reads a table of 20 features and a target from a text in memory and reports
// bytes of text per second on one core.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <functional>
#include <string>

#include "nabla/base/random.h"

#include "data/csv.h"

namespace nabla::bench {

namespace {

constexpr std::size_t kTextBytes = std::size_t{8} << 20;

/// Returns rows of 20 cells and a class out of ten.
std::string table_of(const std::function<std::string(Random&)>& cell) {
  Random random(1);
  std::string text;
  while (text.size() < kTextBytes) {
    for (int column = 0; column < 20; ++column) text += cell(random) + ",";
    text += std::to_string(random.below(10)) + "\n";
  }
  return text;
}

std::string number(Random& random, const char* format) {
  char text[40];
  std::snprintf(text, sizeof text, format, random.uniform(-1000.0, 1000.0));
  return text;
}

void run(benchmark::State& state, const std::string& text, const CsvOptions& options) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_csv(text, "table", options));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void register_table(const std::string& name, const std::function<std::string(Random&)>& cell,
                    const CsvOptions& options = {}) {
  benchmark::RegisterBenchmark(("csv/" + name).c_str(), [=](benchmark::State& state) {
    run(state, table_of(cell), options);
  });
}

[[maybe_unused]] const bool csv_registered = [] {
  register_table("six_digits", [](Random& random) { return number(random, "%.6g"); });
  register_table("seventeen_digits", [](Random& random) { return number(random, "%.17g"); });
  register_table("bytes", [](Random& random) { return std::to_string(random.below(256)); });
  register_table("quoted", [](Random& random) { return number(random, "\"%.6g\""); });
  CsvOptions categories;
  categories.one_hot = {"0", "1", "2", "3"};
  register_table(
      "one_hot_4_of_20", [](Random& random) { return std::to_string(random.below(16)); },
      categories);
  return true;
}();

}  // namespace

}  // namespace nabla::bench
