// SPDX-License-Identifier: MIT
#include "report/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <vector>

namespace nabla {

std::string sparkline(std::span<const double> values) {
  constexpr std::size_t kWidth = 40;
  constexpr std::array kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double x) { return std::isfinite(x); });
  if (finite.size() < 2) return "";
  if (std::ranges::min(finite) > 0)
    for (double& x : finite) x = std::log(x);
  const std::size_t width = std::min(kWidth, finite.size());
  std::vector<double> means;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t first = i * finite.size() / width;
    const std::size_t end = (i + 1) * finite.size() / width;
    double sum = 0;
    for (std::size_t j = first; j < end; ++j) sum += finite[j];
    means.push_back(sum / static_cast<double>(end - first));
  }
  const auto [low, high] = std::ranges::minmax(means);
  std::string line;
  for (const double mean : means) {
    const double height = high > low ? (mean - low) / (high - low) : 0;
    line += kBlocks[static_cast<std::size_t>(std::lround(height * (kBlocks.size() - 1)))];
  }
  return line;
}

}  // namespace nabla
