// SPDX-License-Identifier: MIT
#include "data/augmentation.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <numbers>
#include <set>
#include <vector>

#include "nabla/base/error.h"

#include "support/errors.h"

namespace nabla {
namespace {

constexpr std::size_t kSide = 28, kImagePixels = kSide * kSide;

constexpr AugmentOptions kBoth = {.affine = true, .elastic = true};

/// Only the strengths that a test sets.
constexpr AugmentOptions kNothing = {
    .affine = true, .elastic = true, .rotation = 0, .scale = 0, .shift = 0, .elastic_alpha = 0};

/// A soft dot around a place, from the centre in pixels.
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

/// The centre of gravity, from the centre in pixels.
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
  for (std::uint32_t row = 0; row < 1000; ++row) {
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
  for (std::uint32_t row = 0; row < 1000; ++row) {
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
  for (std::uint32_t row = 0; row < 1000; ++row) {
    const Place place = place_of(deformed(options, dot(7, -6), 1, row));
    heights.push_back(place.down / 7 - 1);
    widths.push_back(place.right / -6 - 1);
    product += heights.back() * widths.back();
  }
  expect_uniform(heights, 0.2);
  expect_uniform(widths, 0.2);
  EXPECT_LT(std::abs(product / 1000), 4 * 0.04 / 3 / std::sqrt(1000.0));
}

// Scaled first, then rotated, then shifted: a dot on the right goes where the product of the three
// says, for every draw.
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
  options.elastic_sigma = 100;  // all pixels alike, so that a dot stays one
  double down = 0, right = 0, product = 0;
  constexpr int kRows = 1000;
  for (std::uint32_t row = 0; row < kRows; ++row) {
    const Place place = place_of(deformed(options, dot(0, 0), 1, row));
    down += place.down * place.down;
    right += place.right * place.right;
    product += place.down * place.right;
  }
  const double variance = 64 / (12 * std::numbers::pi);
  const double error = 5 * variance * std::sqrt(2.0 / kRows);
  EXPECT_NEAR(down / kRows, variance, error);
  EXPECT_NEAR(right / kRows, variance, error);
  EXPECT_NEAR(product / kRows, 0, error);
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
