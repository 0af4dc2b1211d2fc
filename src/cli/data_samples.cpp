// SPDX-License-Identifier: MIT
#include "cli/data_samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "cli/format.h"
#include "cli/terminal.h"
#include "data/input_names.h"
#include "data/row_entries.h"

namespace nabla {

namespace {

/// A picture of height × width pixels: levels from 0 (black) to 1 (white), one plane for grey,
/// three for red, green and blue, one plane after the other, row after row.
struct TerminalImage {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t planes = 1;
  std::vector<float> levels;

  float at(std::size_t plane, std::size_t y, std::size_t x) const {
    return levels[(plane * height + y) * width + x];
  }
};

constexpr std::size_t kGap = 2;

/// Red, green and blue, 0 to 255.
using Pixel = std::array<int, 3>;

/// Below the last row of an odd height all is black.
Pixel pixel(const TerminalImage& image, std::size_t y, std::size_t x) {
  Pixel result{};
  if (y >= image.height) return result;
  for (std::size_t channel = 0; channel < result.size(); ++channel) {
    const float level = image.at(image.planes == 3 ? channel : 0, y, x);
    result[channel] = static_cast<int>(std::lround(255 * std::clamp(level, 0.0F, 1.0F)));
  }
  return result;
}

/// The nearest of xterm's 24 greys, or of its 6 × 6 × 6 colours.
int index_of(const Pixel& colour) {
  if (colour[0] == colour[1] && colour[1] == colour[2]) {
    if (colour[0] < 4) return 16;
    if (colour[0] > 246) return 231;
    return 232 + std::clamp((colour[0] - 3) / 10, 0, 23);
  }
  int index = 0;
  for (const int channel : colour) index = 6 * index + (channel * 5 + 127) / 255;
  return 16 + index;
}

std::string colour_code(const Pixel& colour, bool background, Colours colours) {
  std::string code = background ? "48;" : "38;";
  if (colours == Colours::k256) return code + "5;" + std::to_string(index_of(colour));
  code += "2";
  for (const int channel : colour) code += ";" + std::to_string(channel);
  return code;
}

/// The shade nearest to the mean of both pixels.
std::string shade(const Pixel& upper, const Pixel& lower) {
  static constexpr std::array<const char*, 5> kShades = {" ", "░", "▒", "▓", "█"};
  int sum = 0;
  for (const int channel : upper) sum += channel;
  for (const int channel : lower) sum += channel;
  return kShades[static_cast<std::size_t>((sum * 4 + 3 * 255) / (6 * 255))];
}

/// One character per column, each of which is two pixels: the upper one as its foreground.
std::string line_of(const TerminalImage& image, std::size_t y, Colours colours) {
  std::string line, last;
  for (std::size_t x = 0; x < image.width; ++x) {
    const Pixel upper = pixel(image, y, x);
    const Pixel lower = pixel(image, y + 1, x);
    if (colours == Colours::kNone) {
      line += shade(upper, lower);
      continue;
    }
    const std::string code =
        colour_code(upper, false, colours) + ";" + colour_code(lower, true, colours);
    if (code != last) line += "\x1b[" + code + "m";
    last = code;
    line += "▀";
  }
  return colours == Colours::kNone ? line : line + "\x1b[0m";
}

/// The caption, cut or padded to so many characters.
std::string in_width(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t characters = 0;
  for (const char c : text) {
    const bool is_start = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (is_start && characters == width) break;
    characters += is_start ? 1 : 0;
    result += c;
  }
  return result + std::string(width - characters, ' ');
}

/// The picture made smaller by the whole factor, at least 1, that lets it fit into so many columns
/// and rows of pixels: each pixel the mean of a square.
TerminalImage fitted(const TerminalImage& image, std::size_t columns, std::size_t rows) {
  const auto shrunk = [](std::size_t length, std::size_t factor) {
    return (length + factor - 1) / factor;
  };
  const std::size_t factor = std::max(shrunk(image.width, columns), shrunk(image.height, rows));
  if (factor <= 1) return image;
  TerminalImage result{shrunk(image.height, factor), shrunk(image.width, factor), image.planes, {}};
  for (std::size_t plane = 0; plane < image.planes; ++plane)
    for (std::size_t y = 0; y < image.height; y += factor)
      for (std::size_t x = 0; x < image.width; x += factor) {
        const std::size_t below = std::min(y + factor, image.height);
        const std::size_t right = std::min(x + factor, image.width);
        float sum = 0;
        for (std::size_t i = y; i < below; ++i)
          for (std::size_t j = x; j < right; ++j) sum += image.at(plane, i, j);
        result.levels.push_back(sum / static_cast<float>((below - y) * (right - x)));
      }
  return result;
}

/// Lines of text, one per two rows of pixels, a character per column; all pictures side by side,
/// two spaces between them, each below its caption.
std::string side_by_side(std::span<const TerminalImage> images,
                         std::span<const std::string> captions, Colours colours) {
  std::string text;
  std::size_t height = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    text += (i == 0 ? "" : std::string(kGap, ' ')) + in_width(captions[i], images[i].width);
    height = std::max(height, images[i].height);
  }
  text.resize(text.find_last_not_of(' ') + 1);
  text += "\n";
  for (std::size_t y = 0; y < height; y += 2) {
    for (std::size_t i = 0; i < images.size(); ++i)
      text += (i == 0 ? "" : std::string(kGap, ' ')) + line_of(images[i], y, colours);
    text += "\n";
  }
  return text;
}

constexpr std::size_t kTableRows = 5;
constexpr std::size_t kMostImages = 8;
/// Two of them are one line.
constexpr std::size_t kMostImageRows = 120;
/// The narrowest column of a table, so that a number of usual length has room in it.
constexpr std::size_t kColumnWidth = 10;
constexpr std::size_t kColumnGap = 2;

std::vector<std::vector<double>> first_rows(const Dataset& data, std::size_t count) {
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < std::min(count, data.rows()); ++i)
    rows.push_back(row_of_features(data, i));
  return rows;
}

std::string target_text(const Dataset& data, std::size_t row) {
  if (data.task == Task::kClassification) return data.classes[data.labels[row]];
  std::string text;
  for (const double target : data.targets.row(row))
    text += (text.empty() ? "" : ", ") + general(target);
  return text;
}

/// Returns a heading for each feature: its name, or its number if there are no names.
std::vector<std::string> headings(const Dataset& data) {
  if (!data.columns.names.empty()) return input_names(data);
  std::vector<std::string> numbers;
  for (std::size_t j = 0; j < data.inputs(); ++j) numbers.push_back(std::to_string(j));
  return numbers;
}

/// Returns how many of the columns have room in a line between the row's number and its target, at
/// least one.
std::size_t fitting_columns(const std::vector<std::string>& names) {
  std::size_t room = output_width() - std::min(output_width(), 2 * kColumnWidth);
  std::size_t count = 0;
  for (const std::string& name : names) {
    const std::size_t width = std::max(kColumnWidth, name.size() + kColumnGap);
    if (width > room) break;
    room -= width;
    ++count;
  }
  return std::max<std::size_t>(count, 1);
}

std::string table(const Dataset& data) {
  std::vector<std::vector<std::string>> lines = {{"row"}};
  const std::vector<std::string> names = headings(data);
  const std::size_t shown = fitting_columns(names);
  for (std::size_t j = 0; j < shown; ++j) lines[0].push_back(names[j]);
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

/// Returns as many entries of the row, "feature:value", as have room in so many columns.
std::string entries_text(const Dataset& data, std::size_t row, std::size_t room) {
  std::string text;
  bool is_cut = false;
  std::visit(
      [&](const auto& features) {
        for_each_entry(features.row(row), [&](std::size_t j, auto x) {
          if (is_cut) return;
          const std::string entry = std::to_string(j) + ":" + general(static_cast<double>(x));
          // The last two columns are for " …".
          is_cut = text.size() + 1 + entry.size() + 2 > room;
          text += (text.empty() ? "" : " ") + (is_cut ? "…" : entry);
        });
      },
      data.features);
  return text.empty() ? "no entries" : text;
}

/// Returns the entries of the first rows as "feature:value".
std::string entries_of_rows(const Dataset& data) {
  const std::size_t count = std::min(kTableRows, data.rows());
  std::vector<std::string> names;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(std::to_string(i) +
                    (data.task == Task::kClassification ? ", class " : ", target ") +
                    target_text(data, i));
    longest = std::max(longest, names.back().size() + 3);
  }
  const std::size_t room = output_width() - std::min(output_width(), longest);
  std::vector<std::vector<std::string>> lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back({names[i], entries_text(data, i, room)});
  return described(lines);
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
  // Halves, because the whole range may be beyond that of double.
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
  if (pixels > 0 && data.inputs() % pixels == 0) return pictures(data);
  return is_sparse(data) && !data.is_table() ? entries_of_rows(data) : table(data);
}

}  // namespace nabla
