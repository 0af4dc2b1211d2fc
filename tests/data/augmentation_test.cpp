// SPDX-License-Identifier: MIT
#include "data/augmentation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <numbers>
#include <set>
#include <vector>

#include "nabla/base/error.h"

#include "base/random.h"
#include "support/errors.h"
#include "support/rounding.h"

namespace nabla {
namespace {

using namespace testing_support;

/// Returns a Gaussian up to 3σ around a circle of `size` points, from its first weight on; its
/// squares add up to 1.
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

/// Returns the noise of a field, column by column.
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
      // Two sums follow each other in float, and their weights are rounded to float.
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

// This is the promise of AugmentOptions::elastic_alpha, at the border as in the centre.
TEST(ElasticField, AlphaSetsTheRootMeanSquareWhateverSigmaIs) {
  constexpr int kDraws = 1000;
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
    // The mean of n squares of normal numbers has a relative standard deviation of √(2/n).
    const double tolerance = 5 * variance * std::sqrt(2.0 / kDraws);
    EXPECT_NEAR(corner / kDraws, variance, tolerance) << sigma;
    EXPECT_NEAR(centre / kDraws, variance, tolerance) << sigma;
    EXPECT_NEAR(mean / kDraws, 0, 5 * std::sqrt(variance / kDraws)) << sigma;
  }
}

/// Returns a different grey value for every pixel.
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

/// Returns a pixel of the image, or 0 outside it.
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
  map.x_shift = 2;  // reads two pixels further right
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

constexpr std::size_t kSide = 28, kImagePixels = kSide * kSide;

const AugmentOptions kBoth = {.affine = true, .elastic = true};

/// All strengths are 0 but those that a test sets.
const AugmentOptions kNothing = {
    .affine = true, .elastic = true, .rotation = 0, .scale = 0, .shift = 0, .elastic_alpha = 0};

/// Returns the image of a soft dot around a place, in pixels from the centre.
std::vector<float> dot(double down, double right) {
  std::vector<float> image(kImagePixels);
  for (std::size_t i = 0; i < kSide; ++i)
    for (std::size_t j = 0; j < kSide; ++j) {
      const double y = static_cast<double>(i) - 13.5 - down;
      const double x = static_cast<double>(j) - 13.5 - right;
      image[i * kSide + j] = static_cast<float>(std::exp(-(x * x + y * y) / 2));
    }
  return image;
}

struct Place {
  double down, right;
};

/// Returns the centre of gravity, in pixels from the centre.
Place place_of(const std::vector<float>& image) {
  double sum = 0, down = 0, right = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    sum += image[i];
    down += image[i] * (static_cast<double>(i / kSide) - 13.5);
    right += image[i] * (static_cast<double>(i % kSide) - 13.5);
  }
  return {down / sum, right / sum};
}

template <class S = float, class T = float>
std::vector<T> deformed(const AugmentOptions& options, const std::vector<S>& image,
                        std::size_t epoch = 1, std::uint32_t row = 0, std::uint64_t seed = 1) {
  const auto scratch = std::make_unique<AugmentScratch<T>>();
  std::vector<T> result(image.size());
  Augmentation(options, kSide, kSide, seed)
      .deform<S, T>(image, epoch, row, std::span<T>(result), *scratch);
  return result;
}

/// Rows of a test of their distribution.
constexpr std::uint32_t kDrawnRows = 300;

/// Expects values uniform in [−bound, bound].
void expect_uniform(const std::vector<double>& values, double bound) {
  double sum = 0, squares = 0, largest = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
    largest = std::max(largest, std::abs(value));
  }
  const auto count = static_cast<double>(values.size());
  EXPECT_LE(largest, bound * 1.01);
  EXPECT_GE(largest, bound * 0.97);
  EXPECT_NEAR(sum / count, 0, 4 * bound / std::sqrt(3 * count));
  EXPECT_NEAR(squares / count, bound * bound / 3, 4 * bound * bound * std::sqrt(4 / (45 * count)));
}

TEST(Augmentation, WithoutStrengthKeepsEveryBit) {
  std::vector<std::uint8_t> bytes(kImagePixels);
  for (std::size_t i = 0; i < kImagePixels; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  const std::vector<float> floats(bytes.begin(), bytes.end());
  std::vector<double> thirds(bytes.begin(), bytes.end());
  for (double& x : thirds) x /= 3;
  AugmentOptions options = kNothing;
  for (options.affine = true;; options.affine = false) {
    EXPECT_EQ((deformed<std::uint8_t, float>(options, bytes)), floats);
    EXPECT_EQ((deformed<double, double>(options, thirds)), thirds);
    if (!options.affine) break;
  }
}

TEST(Augmentation, DependsOnSeedEpochAndRow) {
  const std::vector<float> image = dot(3, -4);
  std::set<std::vector<float>> seen;
  for (const std::uint64_t seed : {1, 2})
    for (const std::size_t epoch : {1, 2, 3})
      for (const std::uint32_t row : {1, 2, 3})
        seen.insert(deformed(kBoth, image, epoch, row, seed));
  EXPECT_EQ(seen.size(), 18U);
  for (const std::uint32_t row : {0, 1})
    EXPECT_EQ(deformed(kBoth, image, 2, row), deformed(kBoth, image, 2, row));
}

TEST(Augmentation, ShiftsUniformly) {
  AugmentOptions options = kNothing;
  options.shift = 2;
  std::vector<double> down, right;
  for (std::uint32_t row = 0; row < kDrawnRows; ++row) {
    const Place place = place_of(deformed(options, dot(1, 2), 1, row));
    down.push_back(place.down - 1);
    right.push_back(place.right - 2);
  }
  expect_uniform(down, 2);
  expect_uniform(right, 2);
}

TEST(Augmentation, RotatesUniformlyAboutTheCentre) {
  AugmentOptions options = kNothing;
  options.rotation = 30;
  std::vector<double> angles;
  for (std::uint32_t row = 0; row < kDrawnRows; ++row) {
    const Place place = place_of(deformed(options, dot(0, 8), 1, row));
    EXPECT_NEAR(std::hypot(place.down, place.right), 8, 0.02);
    angles.push_back(std::atan2(place.down, place.right) * 180 / std::numbers::pi);
  }
  expect_uniform(angles, 30);
}

TEST(Augmentation, ScalesHeightAndWidthEachForItself) {
  AugmentOptions options = kNothing;
  options.scale = 0.2;
  std::vector<double> heights, widths;
  double product = 0;
  for (std::uint32_t row = 0; row < kDrawnRows; ++row) {
    const Place place = place_of(deformed(options, dot(7, -6), 1, row));
    heights.push_back(place.down / 7 - 1);
    widths.push_back(place.right / -6 - 1);
    product += heights.back() * widths.back();
  }
  expect_uniform(heights, 0.2);
  expect_uniform(widths, 0.2);
  EXPECT_LT(std::abs(product / kDrawnRows), 4 * 0.04 / 3 / std::sqrt(kDrawnRows));
}

// The image is scaled first, then rotated, then shifted: for every draw a dot on the right goes to
// the place that the product of the three gives.
TEST(Augmentation, ShiftsLast) {
  AugmentOptions options = kNothing;
  options.rotation = 180;
  options.shift = 3;
  for (std::uint32_t row = 0; row < 50; ++row) {
    const Place centre = place_of(deformed(options, dot(0, 0), 1, row));
    const Place right = place_of(deformed(options, dot(0, 6), 1, row));
    EXPECT_NEAR(std::hypot(right.down - centre.down, right.right - centre.right), 6, 0.05);
    EXPECT_LE(std::abs(centre.down), 3.01);
    EXPECT_LE(std::abs(centre.right), 3.01);
  }
}

TEST(Augmentation, ElasticFieldMovesBothCoordinates) {
  AugmentOptions options = kNothing;
  options.elastic_alpha = 8;
  options.elastic_sigma = 100;  // moves all pixels alike, so that a dot stays a dot
  double down = 0, right = 0, product = 0;
  for (std::uint32_t row = 0; row < kDrawnRows; ++row) {
    const Place place = place_of(deformed(options, dot(0, 0), 1, row));
    down += place.down * place.down;
    right += place.right * place.right;
    product += place.down * place.right;
  }
  const double variance = 64 / (12 * std::numbers::pi);
  const double error = 5 * variance * std::sqrt(2.0 / kDrawnRows);
  EXPECT_NEAR(down / kDrawnRows, variance, error);
  EXPECT_NEAR(right / kDrawnRows, variance, error);
  EXPECT_NEAR(product / kDrawnRows, 0, error);
}

TEST(Augmentation, ChannelsAreDeformedAlike) {
  std::vector<float> image(kImagePixels);
  for (std::size_t i = 0; i < kImagePixels; ++i) image[i] = static_cast<float>(i % 251);
  std::vector<float> planes = image;
  for (const float x : image) planes.push_back(2 * x);
  const std::vector<float> alone = deformed(kBoth, image), both = deformed(kBoth, planes);
  for (std::size_t i = 0; i < kImagePixels; ++i) {
    ASSERT_EQ(both[i], alone[i]);
    ASSERT_EQ(both[kImagePixels + i], 2 * alone[i]);
  }
}

TEST(Augmentation, ClassesHaveRotationsOfTheirOwn) {
  Dataset data;
  data.features = Matrix<float>(3, kImagePixels);
  data.image_height = data.image_width = kSide;
  data.classes = {"0", "1", "7:8"};
  data.labels = {1, 0, 2};
  AugmentOptions options = kNothing;
  options.affine = true;
  options.rotation = 20;
  options.rotation_of = {{"1", 5}, {"7:8", 0}};
  const std::optional<Augmentation> augmentation = make_augmentation(options, data, 1);
  const auto scratch = std::make_unique<AugmentScratch<float>>();
  const std::vector<float> image = dot(3, -4);
  for (std::uint32_t row = 0; row < 3; ++row) {
    std::vector<float> result(kImagePixels);
    augmentation->deform<float, float>(image, 1, row, std::span(result), *scratch);
    AugmentOptions alike = options;
    alike.rotation = std::array{5.0, 20.0, 0.0}[row];
    EXPECT_EQ(result, deformed(alike, image, 1, row)) << row;
  }
  options.rotation_of = {{"2", 5}};
  expect_in(R"(augment.rotation-of: "2" is no class of the training rows, expected classes from 0)",
            error_of<ConfigError>([&] { make_augmentation(options, data, 1); }));
}

TEST(Augmentation, OptionsOutOfRangeAreRefused) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  struct Field {
    double AugmentOptions::*member;
    const char* key;
    std::vector<double> wrong;
  };
  for (const auto& [member, key, wrong] :
       {Field{&AugmentOptions::rotation, "augment.rotation", {-1, 181, kNan}},
        Field{&AugmentOptions::scale, "augment.scale", {-0.1, 0.91, kNan}},
        Field{&AugmentOptions::shift, "augment.shift", {-1, 101, kNan}},
        Field{&AugmentOptions::elastic_alpha, "augment.elastic-alpha", {-1, 101, kNan}},
        Field{&AugmentOptions::elastic_sigma, "augment.elastic-sigma", {0, 101, kNan}}})
    for (const double value : wrong) {
      AugmentOptions options = kBoth;
      options.*member = value;
      expect_in(key, error_of<ConfigError>([&] { validate(options); }));
    }
}

TEST(Augmentation, OtherDataThanImagesAreRefused) {
  Dataset data;
  data.features = Matrix<float>(3, 12);
  EXPECT_FALSE(make_augmentation({}, data, 1));
  const auto error = [&] {
    return error_of<ConfigError>([&] { make_augmentation(kBoth, data, 1); });
  };
  expect_in("data.augment: the training rows are not images", error());
  data.image_height = data.image_width = 2;  // three channels
  EXPECT_TRUE(make_augmentation(kBoth, data, 1));
  data.image_width = 4;  // a channel and a half
  expect_in("not images", error());
  data.features = Matrix<float>(1, 97);
  data.image_height = 97;
  data.image_width = 1;
  expect_in("images of 97 × 1 pixels, expected 1 × 1 to 96 × 96", error());
}

}  // namespace
}  // namespace nabla
