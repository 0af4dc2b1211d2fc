// SPDX-License-Identifier: MIT
#include "data/deformation.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <numbers>
#include <vector>

#include "base/random.h"
#include "support/rounding.h"

namespace nabla {
namespace {

using namespace testing_support;

/// A Gaussian up to 3σ around a circle of `size` points, from its first weight on, the sum of its
/// squares being 1.
std::vector<double> gaussian(std::size_t size, double sigma) {
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<double> weights(size);
  for (int t = -radius; t <= radius; ++t)
    weights[static_cast<std::size_t>(t + radius) % size] += std::exp(-t * t / (2 * sigma * sigma));
  double squares = 0;
  for (const double weight : weights) squares += weight * weight;
  for (double& weight : weights) weight /= std::sqrt(squares);
  return weights;
}

/// The noise that a field is made of, column by column.
std::vector<double> noise(Random random, std::size_t pixels) {
  std::vector<double> values;
  while (values.size() < pixels) {
    const std::uint32_t bits = random.bits();
    for (int shift = 0; shift < 32; shift += 8)
      values.push_back(((bits >> shift & 255) - 127.5) / 128);
  }
  return values;
}

void expect_field_of_twin(std::size_t height, std::size_t width, double alpha, double sigma) {
  SCOPED_TRACE(testing::Message() << height << " x " << width << ", sigma " << sigma);
  const auto scratch = std::make_unique<ElasticScratch>();
  std::vector<float> field(height * width);
  Random random(3);
  const std::vector<double> white = noise(random, height * width);
  ElasticField(height, width, alpha, sigma).draw(random, *scratch, field);
  const auto across = gaussian(width, sigma), down = gaussian(height, sigma);
  const auto terms = [&](std::size_t size) {
    return std::min(size, 2 * static_cast<std::size_t>(std::ceil(3 * sigma)) + 1) + 1;
  };
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      double sum = 0, magnitude = 0;
      for (std::size_t i = 0; i < height; ++i)
        for (std::size_t j = 0; j < width; ++j) {
          const double term =
              down[i] * across[j] * white[(x + j) % width * height + (y + i) % height];
          sum += term;
          magnitude += std::abs(term);
        }
      // Two sums after one another in float, of weights that are rounded to it.
      const double scale = alpha / (2 * std::sqrt(std::numbers::pi));
      ASSERT_ROUNDED(field[y * width + x],
                     Rounded<float>(scale * sum, scale * magnitude *
                                                     gamma<float>(terms(width) + terms(height))));
    }
}

TEST(ElasticField, EqualsTheNaiveTwin) {
  expect_field_of_twin(9, 14, 8, 1);
  expect_field_of_twin(28, 28, 8, 4);
  expect_field_of_twin(5, 7, 3, 2);  // the Gaussian is longer than the image
  expect_field_of_twin(1, 6, 3, 0.3);
  expect_field_of_twin(96, 96, 1, 40);
}

// The promise of AugmentOptions::elastic_alpha, at the border as in the centre.
TEST(ElasticField, AlphaSetsTheRootMeanSquareWhateverSigmaIs) {
  constexpr int kDraws = 4000;
  const auto scratch = std::make_unique<ElasticScratch>();
  std::vector<float> field(144);
  for (const double sigma : {0.1, 1.0, 2.0, 100.0}) {
    const ElasticField elastic(12, 12, 8, sigma);
    double corner = 0, centre = 0, mean = 0;
    for (std::uint32_t i = 0; i < kDraws; ++i) {
      Random random(1, 2, i);
      elastic.draw(random, *scratch, field);
      corner += field[0] * field[0];
      centre += field[78] * field[78];
      mean += field[78];
    }
    const double variance = 64 / (12 * std::numbers::pi);
    // For a normal distribution the mean of n squares is known to √(2/n) of itself.
    const double tolerance = 5 * variance * std::sqrt(2.0 / kDraws);
    EXPECT_NEAR(corner / kDraws, variance, tolerance) << sigma;
    EXPECT_NEAR(centre / kDraws, variance, tolerance) << sigma;
    EXPECT_NEAR(mean / kDraws, 0, 5 * std::sqrt(variance / kDraws)) << sigma;
  }
}

/// A gray value for every pixel, none like the others.
std::vector<float> pattern(std::size_t height, std::size_t width) {
  std::vector<float> image(height * width);
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i * i % 251 + 1);
  return image;
}

std::vector<float> resampled(const std::vector<float>& image, std::size_t height, std::size_t width,
                             const AffineMap& map, const std::vector<float>& across = {},
                             const std::vector<float>& down = {}) {
  const auto plan = std::make_unique<SamplePlan>();
  const auto bordered = std::make_unique<BorderedImage<float>>();
  std::vector<float> result(image.size());
  plan_samples(map, height, width, across, down, *plan);
  add_border<float, float>(image, width, *bordered);
  resample<float>(*bordered, *plan, width, result);
  return result;
}

/// Zero outside the image.
double pixel(const std::vector<float>& image, int height, int width, int y, int x) {
  if (y < 0 || x < 0 || y >= height || x >= width) return 0;
  return image[static_cast<std::size_t>(y * width + x)];
}

double bilinear(const std::vector<float>& image, int height, int width, double y, double x) {
  const int top = static_cast<int>(std::floor(y)), left = static_cast<int>(std::floor(x));
  double sum = 0;
  for (int i : {top, top + 1})
    for (int j : {left, left + 1})
      sum += (1 - std::abs(y - i)) * (1 - std::abs(x - j)) * pixel(image, height, width, i, j);
  return sum;
}

TEST(Resample, TheIdentityKeepsEveryBit) {
  for (const auto& [height, width] : {std::pair{28, 28}, {5, 9}, {1, 1}, {96, 96}}) {
    const auto h = static_cast<std::size_t>(height), w = static_cast<std::size_t>(width);
    std::vector<float> image = pattern(h, w);
    for (float& x : image) x /= 3;
    EXPECT_EQ(resampled(image, h, w, {}), image);
  }
}

TEST(Resample, WholePixelsShiftExactly) {
  const int height = 6, width = 9;
  const std::vector<float> image = pattern(height, width);
  AffineMap map;
  map.x_shift = 2;  // reads from two pixels further right
  map.y_shift = -1;
  const std::vector<float> shifted = resampled(image, height, width, map);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      EXPECT_EQ(pixel(shifted, height, width, y, x), pixel(image, height, width, y - 1, x + 2));
}

TEST(Resample, QuarterTurnsAreExact) {
  for (const int side : {7, 8}) {
    const auto n = static_cast<std::size_t>(side);
    const std::vector<float> image = pattern(n, n);
    const AffineMap turn = {.x_right = 0, .x_down = 1, .y_right = -1, .y_down = 0};
    const std::vector<float> turned = resampled(image, n, n, turn);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        EXPECT_EQ(pixel(turned, side, side, y, x), pixel(image, side, side, side - 1 - x, y));
  }
}

TEST(Resample, EqualsTheNaiveTwin) {
  const int height = 11, width = 17;
  const std::vector<float> image = pattern(height, width);
  const AffineMap map = {0.9F, 0.3F, 1.7F, -0.4F, 1.2F, -2.3F};
  std::vector<float> across, down;
  Random random(1);
  for (std::size_t i = 0; i < image.size(); ++i) {
    across.push_back(static_cast<float>(random.uniform(-3, 3)));
    down.push_back(static_cast<float>(random.uniform(-3, 3)));
  }
  const std::vector<float> result = resampled(image, height, width, map, across, down);
  for (int i = 0; i < height; ++i)
    for (int j = 0; j < width; ++j) {
      const auto at = static_cast<std::size_t>(i * width + j);
      const double y = i - 5, x = j - 8;  // from the centre
      const double from_x = 0.9 * x + 0.3 * y + 1.7 + across[at] + 8;
      const double from_y = -0.4 * x + 1.2 * y - 2.3 + down[at] + 5;
      // The places are sums of up to 6 terms in float, and the image is at most as steep as its
      // largest pixel is bright. Three interpolations with two roundings each follow.
      const double size_x = 0.9 * std::abs(x) + 0.3 * std::abs(y) + 1.7 + std::abs(across[at]) + 9;
      const double size_y = 0.4 * std::abs(x) + 1.2 * std::abs(y) + 2.3 + std::abs(down[at]) + 6;
      constexpr double kBrightest = 251;
      EXPECT_ROUNDED(result[at], Rounded<float>(bilinear(image, height, width, from_y, from_x),
                                                kBrightest * (gamma<float>(6) * (size_x + size_y) +
                                                              gamma<float>(6))))
          << "row " << i << ", column " << j;
    }
}

TEST(Resample, FarOutsideThereIsZero) {
  const std::vector<float> image = pattern(6, 9), zeros(54);
  for (const float far : {10.0F, -10.0F, 1e6F, -1e6F, 1e30F}) {
    AffineMap map;
    map.x_shift = far;
    EXPECT_EQ(resampled(image, 6, 9, map), zeros);
    map.x_shift = 0;
    map.y_shift = far;
    EXPECT_EQ(resampled(image, 6, 9, map), zeros);
  }
}

}  // namespace
}  // namespace nabla
