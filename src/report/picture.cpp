// SPDX-License-Identifier: MIT
#include "report/picture.h"

#include <algorithm>
#include <cmath>
#include <png.h>
#include <stdexcept>

#include "report/html.h"

namespace nabla::report {

namespace {

std::string png_file(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string file(size, '\0');
  if (png_image_write_to_memory(&image, file.data(), &size, 0, picture.pixels.data(), 0, nullptr) ==
      0)
    throw std::runtime_error(std::string("PNG: ") + image.message);
  file.resize(size);
  return file;
}

std::uint8_t byte_of(float fraction) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(fraction, 0.0F, 1.0F)));
}

/// A picture with one channel per plane of the values.
template <class Shade>
Picture planes(std::span<const float> values, std::size_t height, std::size_t width, Shade shade) {
  const std::size_t pixels = height * width;
  Picture picture{width, height, values.size() / pixels, {}};
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < picture.channels; ++c)
      picture.pixels.push_back(shade(values[c * pixels + p]));
  return picture;
}

}  // namespace

std::string img_html(const Picture& picture, const std::string& alternative,
                     const std::string& style) {
  const std::string file = png_file(picture);
  return "<img" + (style.empty() ? "" : " class=\"" + style + "\"") + " width=\"" +
         std::to_string(picture.width) + "\" height=\"" + std::to_string(picture.height) +
         "\" alt=\"" + escape(alternative) + "\" src=\"data:image/png;base64," +
         base64(std::as_bytes(std::span(file))) + "\">";
}

Picture image_of(std::span<const float> features, std::size_t height, std::size_t width) {
  const auto [smallest, largest] = std::ranges::minmax(features);
  const float low = std::min(smallest, 0.0F);
  const float range = largest > low ? largest - low : 1;
  return planes(features, height, width, [&](float x) { return byte_of((x - low) / range); });
}

Picture signed_image_of(std::span<const float> values, std::size_t height, std::size_t width,
                        float largest) {
  const float scale = largest > 0 ? 1 / largest : 0;
  if (values.size() != height * width)
    return planes(values, height, width, [&](float x) { return byte_of(0.5F + 0.5F * x * scale); });
  Picture picture{width, height, 3, {}};
  for (const float x : values) {
    const float strength = std::clamp(x * scale, -1.0F, 1.0F);
    const float fade = 1 - std::abs(strength);
    picture.pixels.push_back(strength < 0 ? byte_of(0.05F + 0.95F * fade) : 255);
    picture.pixels.push_back(byte_of(0.1F + 0.9F * fade));
    picture.pixels.push_back(strength > 0 ? byte_of(0.05F + 0.95F * fade) : 255);
  }
  return picture;
}

std::size_t image_planes(const Dataset& rows) {
  const std::size_t pixels = rows.image_height * rows.image_width;
  for (const std::size_t planes : {1, 3})
    if (pixels > 0 && rows.inputs() == planes * pixels) return planes;
  return 0;
}

}  // namespace nabla::report
