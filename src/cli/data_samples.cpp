// SPDX-License-Identifier: MIT
#include "cli/data_samples.h"

#include <algorithm>
#include <limits>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "cli/format.h"
#include "cli/terminal.h"
#include "cli/terminal_image.h"

namespace nabla {

namespace {

constexpr std::size_t kTableRows = 5;
constexpr std::size_t kMostImages = 8;
/// Two of them are one line.
constexpr std::size_t kMostImageRows = 120;
/// Columns of a table with a number of usual length in it.
constexpr std::size_t kColumnWidth = 10;

std::vector<std::vector<double>> first_rows(const Dataset& data, std::size_t count) {
  std::vector<std::vector<double>> rows;
  std::visit(
      [&](const auto& features) {
        for (std::size_t i = 0; i < std::min(count, features.rows()); ++i)
          rows.emplace_back(features.row(i).begin(), features.row(i).end());
      },
      data.features);
  return rows;
}

std::string target_text(const Dataset& data, std::size_t row) {
  if (data.task == Task::kClassification) return data.classes[data.labels[row]];
  std::string text;
  for (const double target : data.targets.row(row))
    text += (text.empty() ? "" : ", ") + general(target);
  return text;
}

std::string table(const Dataset& data) {
  const std::size_t room = output_width() / kColumnWidth;
  const std::size_t shown = std::min(data.inputs(), std::max<std::size_t>(room, 3) - 2);
  std::vector<std::vector<std::string>> lines = {{"row"}};
  for (std::size_t j = 0; j < shown; ++j) lines[0].push_back(std::to_string(j));
  if (shown < data.inputs()) lines[0].emplace_back("…");
  lines[0].emplace_back(data.task == Task::kClassification ? "class" : "target");
  const std::vector<std::vector<double>> rows = first_rows(data, kTableRows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    lines.push_back({std::to_string(i)});
    for (std::size_t j = 0; j < shown; ++j) lines.back().push_back(general(rows[i][j]));
    if (shown < data.inputs()) lines.back().emplace_back("…");
    lines.back().push_back(target_text(data, i));
  }
  return aligned(lines);
}

/// The value that is drawn black and the one that is drawn white.
std::pair<double, double> black_and_white(const Dataset& data,
                                          const std::vector<std::vector<double>>& rows) {
  if (std::holds_alternative<FeatureMatrix<std::uint8_t>>(data.features)) return {0, 255};
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (const std::vector<double>& row : rows) {
    lowest = std::min(lowest, *std::ranges::min_element(row));
    highest = std::max(highest, *std::ranges::max_element(row));
  }
  return {lowest, highest};
}

std::string pictures(const Dataset& data) {
  const std::size_t width = output_width();
  const std::size_t pixels = data.image_height * data.image_width;
  const std::size_t columns = std::min(width, data.image_width) + 2;
  const std::size_t count = std::clamp<std::size_t>((width + 2) / columns, 1, kMostImages);
  const std::vector<std::vector<double>> rows = first_rows(data, count);
  const auto [black, white] = black_and_white(data, rows);
  // Halves, as the whole range may be beyond that of double.
  const double range = white / 2 - black / 2;
  std::vector<TerminalImage> images;
  std::vector<std::string> captions;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TerminalImage image{data.image_height, data.image_width, data.inputs() / pixels, {}};
    for (const double x : rows[i])
      image.levels.push_back(range > 0 ? static_cast<float>((x / 2 - black / 2) / range) : 0.0F);
    images.push_back(fitted(image, width, kMostImageRows));
    captions.push_back(target_text(data, i));
  }
  return side_by_side(images, captions, output_colours());
}

}  // namespace

std::string sample_text(const Dataset& data) {
  const std::size_t pixels = data.image_height * data.image_width;
  return pixels > 0 && data.inputs() % pixels == 0 ? pictures(data) : table(data);
}

}  // namespace nabla
