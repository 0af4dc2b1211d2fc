// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace nabla {

/// Images that are deformed have at most so many rows and at most so many columns.
inline constexpr std::size_t kMaxImageSide = 96;
inline constexpr std::size_t kMaxImagePixels = kMaxImageSide * kMaxImageSide;

/// The memory that ElasticField::draw works in; large, but nothing needs to be initialised.
struct ElasticScratch {
  float noise[2 * kMaxImagePixels];
  float smooth[kMaxImagePixels];
};

/// The random displacement fields of Simard, Steinkraus and Platt, "Best practices for
/// convolutional neural networks applied to visual document analysis" (ICDAR 2003): white noise,
/// uniform in ±1, convolved with a Gaussian and scaled.
///
/// The noise is continued periodically, so a pixel at the border moves as far as one in the
/// centre. The paper's Gaussian has the sum 1, which makes fields weaker as sigma grows; here it
/// is multiplied by sigma, so that alpha alone says how far pixels move: their alpha 34 with sigma
/// 4 is 34 / 4 = 8.5 here. A value; draw may be called from several threads.
class ElasticField {
 public:
  /// height, width ≤ kMaxImageSide; alpha ≥ 0; sigma > 0, in pixels.
  ElasticField(std::size_t height, std::size_t width, double alpha, double sigma);

  /// field ← one coordinate's displacement in pixels at every pixel, [height × width].
  void draw(Random& random, ElasticScratch& scratch, std::span<float> field) const;

 private:
  std::size_t height_;
  std::size_t width_;
  std::vector<float> across_;  ///< weights of the pass along each row of the image
  std::vector<float> down_;    ///< along each column, with the scale of the whole
};

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

/// to[i] ← bilinear interpolation; exactly the pixel itself if the plan reads at its place.
template <class T>
void resample(const BorderedImage<T>& bordered, const SamplePlan& plan, std::size_t width,
              std::span<T> to);

}  // namespace nabla
