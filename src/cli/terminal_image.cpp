// SPDX-License-Identifier: MIT
#include "cli/terminal_image.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nabla {

namespace {

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

}  // namespace

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

}  // namespace nabla
