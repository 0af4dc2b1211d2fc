// SPDX-License-Identifier: MIT
#include "data/elastic_field.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <numbers>
#include <vector>

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

}  // namespace
}  // namespace nabla
