// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace nabla {

/// How the terminal shows colours.
enum class Colours {
  kNone,  ///< not at all: shade characters
  k256,   ///< the 256 colours of xterm
  kTrue,  ///< 24 bits
};

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

/// The picture made smaller by the whole factor, at least 1, that lets it fit into so many columns
/// and rows of pixels: each pixel the mean of a square.
TerminalImage fitted(const TerminalImage& image, std::size_t columns, std::size_t rows);

/// Lines of text, one per two rows of pixels, a character per column; all pictures side by side,
/// two spaces between them, each below its caption.
std::string side_by_side(std::span<const TerminalImage> images,
                         std::span<const std::string> captions, Colours colours);

}  // namespace nabla
