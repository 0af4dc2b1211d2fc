// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "data/elastic_field.h"

namespace nabla {

/// Where a pixel is read, in pixels from the image's centre: right and down are the pixel's own
/// place there.
struct AffineMap {
  float x_right = 1, x_down = 0, x_shift = 0;
  float y_right = 0, y_down = 1, y_shift = 0;
};

/// An image with one line of zeros on its upper and left and two on its lower and right side, so
/// that interpolation near the border needs no distinction. Rows of width + kBorder elements.
inline constexpr std::size_t kBorder = 3;
template <class T>
struct BorderedImage {
  T pixels[(kMaxImageSide + kBorder) * (kMaxImageSide + kBorder)];
};

/// For every pixel of the result, the upper left of the four that it is interpolated from, as an
/// index into a bordered image, and the weights of the right and of the lower ones.
struct SamplePlan {
  std::int32_t corner[kMaxImagePixels];
  float right[kMaxImagePixels];
  float lower[kMaxImagePixels];
};

/// Fills the first height · width elements of the plan. `across` and `down` displace each place
/// further, [height × width] in pixels; empty: not at all. A place outside the image reads zeros.
void plan_samples(const AffineMap& map, std::size_t height, std::size_t width,
                  std::span<const float> across, std::span<const float> down, SamplePlan& plan);

/// bordered ← the pixels, [height × width], with their border.
template <class S, class T>
void add_border(std::span<const S> pixels, std::size_t width, BorderedImage<T>& bordered);

/// to[i] ← bilinear interpolation; exactly the pixel itself where the plan reads at its place.
template <class T>
void resample(const BorderedImage<T>& bordered, const SamplePlan& plan, std::size_t width,
              std::span<T> to);

}  // namespace nabla
