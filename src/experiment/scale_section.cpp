// SPDX-License-Identifier: MIT
#include <algorithm>

#include "experiment/option_builders.h"
#include "experiment/option_sections.h"

namespace nabla {

namespace {

constexpr double kLongestSeconds = 86'400;

using Sizes = std::vector<std::size_t>;

/// The items of a list, each read by `read`, none twice.
template <class Read>
Sizes parse_sizes(std::string_view text, Read read) {
  Sizes sizes;
  for (const std::string& item : split_list(text)) {
    const std::size_t size = read(item);
    if (std::ranges::find(sizes, size) != sizes.end())
      throw_bad_value(item, "is given twice", "each once");
    sizes.push_back(size);
  }
  return sizes;
}

template <class Write>
std::string write_sizes(const Sizes& sizes, Write write) {
  std::vector<std::string> items;
  for (const std::size_t size : sizes) items.push_back(write(size));
  return join(items);
}

std::size_t parse_threads(std::string_view text) {
  return static_cast<std::size_t>(parse_whole(text, 1, kMaxThreads));
}

double parse_seconds(std::string_view text) {
  constexpr std::string_view kExpected = "a number above 0, at most 86400";
  const double seconds = parse_number(text, kExpected);
  if (seconds <= 0 || seconds > kLongestSeconds)
    throw_bad_value(text, "is out of range", kExpected);
  return seconds;
}

}  // namespace

std::vector<Option> scale_section() {
  std::vector<Option> options = {
      make_option(
          "scale.threads", "list of whole numbers", "each 1 to " + std::to_string(kMaxThreads),
          "Thread counts that `nabla scale` compares, each with the first.",
          [](auto& o) -> auto& { return o.scale.threads; },
          [](std::string_view text) { return parse_sizes(text, parse_threads); },
          [](const Sizes& sizes) {
            return write_sizes(sizes, [](std::size_t size) { return std::to_string(size); });
          }),
      whole_option(
          "scale.shards", [](auto& o) -> auto& { return o.scale.shards; }, 0, 65536,
          "Shards per mini-batch in `nabla scale`; 0: as parallel.shards."),
      make_option(
          "scale.batch-sizes", "list of whole numbers or all", "each at least 1 · all",
          "Rows per mini-batch that `nabla scale` tries with each thread count.",
          [](auto& o) -> auto& { return o.scale.batch_sizes; },
          [](std::string_view text) { return parse_sizes(text, parse_batch_size); },
          [](const Sizes& sizes) { return write_sizes(sizes, write_batch_size); }),
      make_option(
          "scale.seconds", "number", "above 0, at most 86400",
          "Wall time that `nabla scale` trains for each batch size and thread count.",
          [](auto& o) -> auto& { return o.scale.seconds; }, parse_seconds, write_number<double>)};
  options[0].empty_default = "1, 2, 4, … up to all cores";
  options[2].empty_default = "train.batch-size alone";
  return options;
}

}  // namespace nabla
