// SPDX-License-Identifier: MIT
#include "data/elastic_field.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "nabla/math/elementwise.h"

namespace nabla {

namespace {

/// A Gaussian up to three standard deviations, wound around a circle of `size` points, its squares
/// adding up to scale². Where on the circle it starts does not matter, as noise is the same
/// everywhere.
std::vector<float> circular_gaussian(std::size_t size, double sigma, double scale) {
  const auto radius = static_cast<std::size_t>(std::ceil(3 * sigma));
  std::vector<double> weights(std::min(2 * radius + 1, size));
  for (std::size_t k = 0; k <= 2 * radius; ++k) {
    const double t = (static_cast<double>(k) - static_cast<double>(radius)) / sigma;
    weights[k % size] += std::exp(-0.5 * t * t);
  }
  double squares = 0;
  for (const double weight : weights) squares += weight * weight;
  std::vector<float> scaled;
  for (const double weight : weights)
    scaled.push_back(static_cast<float>(weight * scale / std::sqrt(squares)));
  return scaled;
}

/// Repeats the first `count` elements behind the first `size`: a correlation then goes around the
/// circle.
void wrap(std::span<float> line, std::size_t size, std::size_t count) {
  std::copy_n(line.begin(), count, line.begin() + static_cast<std::ptrdiff_t>(size));
}

/// to[i] ← uniform in (−1, 1), four from each random number: 256 values, symmetric about 0. A field
/// is a weighted sum of so many of them that finer ones would not show.
void draw_noise(Random& random, std::span<float> to) {
  for (std::size_t i = 0; i < to.size(); i += 4) {
    std::uint32_t bits = random.bits();
    for (std::size_t j = i; j < std::min(i + 4, to.size()); ++j, bits >>= 8)
      to[j] = (static_cast<float>(bits & 0xFF) - 127.5F) * 0x1p-7F;
  }
}

}  // namespace

ElasticField::ElasticField(std::size_t height, std::size_t width, double alpha, double sigma)
    : height_(height),
      width_(width),
      across_(circular_gaussian(width, sigma, 1)),
      // The squares of a two-dimensional Gaussian of sum 1 add up to 1 / (4πσ²).
      down_(circular_gaussian(height, sigma, alpha * 0.5 * std::numbers::inv_sqrtpi)) {
  assert(height <= kMaxImageSide && width <= kMaxImageSide);
}

void ElasticField::draw(Random& random, ElasticScratch& scratch, std::span<float> field) const {
  const std::size_t pixels = height_ * width_;
  assert(field.size() == pixels);
  // Column by column first, and turned in between: each pass then runs over whole lines of memory.
  const std::span<float> noise(scratch.noise);
  const std::span<float> smooth = std::span(scratch.smooth).first(pixels);
  draw_noise(random, noise.first(pixels));
  wrap(noise, pixels, (across_.size() - 1) * height_);
  elementwise::correlate<float>(across_, noise, height_, smooth);
  for (std::size_t y = 0; y < height_; ++y)
    for (std::size_t x = 0; x < width_; ++x) noise[y * width_ + x] = smooth[x * height_ + y];
  wrap(noise, pixels, (down_.size() - 1) * width_);
  elementwise::correlate<float>(down_, noise, width_, field);
}

}  // namespace nabla
