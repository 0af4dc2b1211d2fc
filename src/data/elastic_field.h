// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nabla/base/random.h"

namespace nabla {

/// Images that are deformed have at most so many rows and at most so many columns.
inline constexpr std::size_t kMaxImageSide = 96;
inline constexpr std::size_t kMaxImagePixels = kMaxImageSide * kMaxImageSide;

/// What ElasticField::draw works in; large, but nothing needs to be initialised.
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

}  // namespace nabla
