// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nabla/data/dataset.h"

namespace nabla::report {

/// Pixels, row by row; 1 channel is grey, 3 are red, green and blue.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t channels = 1;
  std::vector<std::uint8_t> pixels;
};

/// The picture inside the page: an <img> with its PNG file as the address. `alternative` is a plain
/// text.
std::string img_html(const Picture& picture, const std::string& alternative,
                     const std::string& style = "");

/// The features of one row as they were stored, `height` × `width` in 1 or 3 planes, from the
/// row's smallest (black; 0 if that is not negative) to its largest.
Picture image_of(std::span<const float> features, std::size_t height, std::size_t width);

/// Signed values: blue below zero, white at it, red above; `largest` is the magnitude of the full
/// colour. Three planes are shown by their signs in each colour.
Picture signed_image_of(std::span<const float> values, std::size_t height, std::size_t width,
                        float largest);

/// Returns the planes of the image in each row (1, or 3 for colours), 0 if the rows are not images.
std::size_t image_planes(const Dataset& rows);

}  // namespace nabla::report
