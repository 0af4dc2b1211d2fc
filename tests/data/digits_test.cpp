// SPDX-License-Identifier: MIT
#include "data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace nabla {
namespace {

// The drawing relies on these properties.
TEST(DigitGlyphs, AreWellFormed) {
  for (unsigned digit = 0; digit < 10; ++digit) {
    SCOPED_TRACE(digit);
    ASSERT_GE(digit_glyphs(digit).size(), 2u);
    for (const Glyph& glyph : digit_glyphs(digit)) {
      EXPECT_GT(glyph.weight, 0u);
      ASSERT_FALSE(glyph.points.empty());
      EXPECT_EQ(glyph.points.back().pen, Pen::kLift);
      std::size_t stroke_length = 0;
      int top = 0, bottom = 0;
      for (const PenPoint& point : glyph.points) {
        ++stroke_length;
        if (point.pen == Pen::kLift) {
          EXPECT_GE(stroke_length, 2u);
          stroke_length = 0;
        }
        top = std::min<int>(top, point.y);
        bottom = std::max<int>(bottom, point.y);
        EXPECT_LE(std::abs(point.x), 36);
      }
      EXPECT_NEAR(top, -50, 4);
      EXPECT_NEAR(bottom, 50, 4);
    }
  }
}

double at(const DigitCanvas& canvas, std::size_t row, std::size_t col) {
  return canvas.coverage()[row * kDigitSide + col];
}

// The distance is that to the nearest of many points of the line.
double sampled_distance(const PenVertex& a, const PenVertex& b, double x, double y) {
  double nearest = 1e9;
  constexpr int kSamples = 2000;
  for (int i = 0; i <= kSamples; ++i) {
    const double t = static_cast<double>(i) / kSamples;
    nearest = std::min(nearest, std::hypot(a.x + t * (b.x - a.x) - x, a.y + t * (b.y - a.y) - y));
  }
  return nearest;
}

TEST(DigitCanvas, MatchesSampledDistances) {
  const PenVertex lines[][2] = {
      {{5.2, 20.7, 1.0}, {19.9, 6.1, 2.0}},    // slanted
      {{14.0, 3.0, 0.7}, {14.0, 25.0, 0.7}},   // upright
      {{24.0, 9.5, 1.4}, {9.0, 9.5, 1.4}},     // level, to the left
      {{12.3, 12.8, 2.5}, {12.3, 12.8, 2.5}},  // a dot
      {{-6.0, 4.0, 1.5}, {31.0, 40.0, 1.5}},   // leaves the image
  };
  constexpr double kSoftness = 1.3;
  for (const auto& [a, b] : lines) {
    DigitCanvas canvas(kSoftness);
    canvas.draw_line(a, b);
    const double radius = (a.radius + b.radius) / 2;
    for (std::size_t row = 0; row < kDigitSide; ++row)
      for (std::size_t col = 0; col < kDigitSide; ++col) {
        const double distance =
            sampled_distance(a, b, static_cast<double>(col) + 0.5, static_cast<double>(row) + 0.5);
        const double ink = std::clamp((radius - distance) / kSoftness + 0.5, 0.0, 1.0);
        ASSERT_NEAR(at(canvas, row, col), ink, 0.01) << "row " << row << " column " << col;
      }
  }
}

TEST(DigitCanvas, CrossingLinesKeepTheDarkerInk) {
  DigitCanvas both(1.0), level(1.0), upright(1.0);
  const PenVertex left{4, 14, 1}, right{24, 14, 1}, top{14, 4, 2}, bottom{14, 24, 2};
  level.draw_line(left, right);
  upright.draw_line(top, bottom);
  both.draw_line(left, right);
  both.draw_line(top, bottom);
  for (std::size_t row = 0; row < kDigitSide; ++row)
    for (std::size_t col = 0; col < kDigitSide; ++col)
      EXPECT_EQ(at(both, row, col), std::max(at(level, row, col), at(upright, row, col)));
}

TEST(DigitCanvas, LinesFarOutsideLeaveNoInk) {
  DigitCanvas canvas(1.5);
  canvas.draw_line({-1e6, -50, 2}, {1e6, -50, 2});
  canvas.draw_line({500, 3, 2}, {500, 90, 2});
  for (const double ink : canvas.coverage()) EXPECT_EQ(ink, 0.0);
}

constexpr std::size_t kPixels = 28 * 28;

const FeatureMatrix<std::uint8_t>& pixels_of(const Dataset& dataset) {
  return std::get<FeatureMatrix<std::uint8_t>>(dataset.features);
}

std::vector<std::uint8_t> row_of(const Dataset& dataset, std::size_t row) {
  const std::span<const std::uint8_t> pixels = pixels_of(dataset).row(row);
  return {pixels.begin(), pixels.end()};
}

TEST(Digits, DescribesItself) {
  const Dataset digits = make_digits(1, 0, 3);
  EXPECT_EQ(digits.rows(), 3u);
  EXPECT_EQ(digits.inputs(), kPixels);
  EXPECT_EQ(digits.outputs(), 10u);
  EXPECT_EQ(digits.task, Task::kClassification);
  EXPECT_EQ(digits.image_height, 28u);
  EXPECT_EQ(digits.image_width, 28u);
  const std::vector<std::string> names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  EXPECT_EQ(digits.classes, names);
  EXPECT_EQ(make_digits(1, 7, 0).rows(), 0u);
}

TEST(Digits, RowsDependOnSeedAndIndexOnly) {
  const Dataset block = make_digits(5, 100, 20);
  for (std::size_t i = 0; i < block.rows(); ++i) {
    const Dataset alone = make_digits(5, 100 + i, 1);
    EXPECT_EQ(alone.labels[0], block.labels[i]);
    EXPECT_EQ(row_of(alone, 0), row_of(block, i)) << "row " << 100 + i;
  }
}

TEST(Digits, SeedsAndRowsDiffer) {
  std::set<std::string> rows;
  const auto add = [&](const std::vector<std::uint8_t>& row) {
    rows.emplace(row.begin(), row.end());
  };
  constexpr std::uint64_t kFarSeed = std::uint64_t{1} << 40;
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}, kFarSeed}) {
    const Dataset digits = make_digits(seed, 0, 50);
    for (std::size_t i = 0; i < digits.rows(); ++i) add(row_of(digits, i));
  }
  // The series does not start over when the index outgrows 32 bits.
  add(row_of(make_digits(1, std::size_t{1} << 32, 1), 0));
  EXPECT_EQ(rows.size(), 151u);
}

TEST(Digits, ClassesAreBalanced) {
  const Dataset digits = make_digits(1, 60000, 10000);
  std::array<int, 10> count{};
  for (const std::uint32_t label : digits.labels) ++count.at(label);
  for (const int n : count) EXPECT_NEAR(n, 1000, 100);
}

TEST(Digits, InkIsSensible) {
  const Dataset digits = make_digits(3, 0, 5000);
  double total = 0;
  std::size_t at_edge = 0;
  for (std::size_t i = 0; i < digits.rows(); ++i) {
    const std::vector<std::uint8_t> row = row_of(digits, i);
    double ink = 0;
    std::size_t blank = 0;
    std::size_t full = 0;
    bool edge = false;
    for (std::size_t p = 0; p < kPixels; ++p) {
      ink += row[p];
      blank += row[p] == 0;
      full += row[p] == 255;
      const std::size_t y = p / 28, x = p % 28;
      edge |= row[p] > 0 && (y == 0 || y == 27 || x == 0 || x == 27);
    }
    total += ink / kPixels;
    at_edge += edge;
    EXPECT_GT(ink / kPixels, 4) << "row " << i;
    EXPECT_LT(ink / kPixels, 110) << "row " << i;
    EXPECT_GT(blank, kPixels / 3) << "row " << i;
    EXPECT_LT(full, kPixels / 3) << "row " << i;
    EXPECT_GE(*std::max_element(row.begin(), row.end()), 120) << "row " << i;
  }
  const double mean = total / static_cast<double>(digits.rows());
  EXPECT_GT(mean, 25);  // MNIST: 33
  EXPECT_LT(mean, 45);
  EXPECT_LT(at_edge, digits.rows() / 10);  // nearly all digits fit into the image
}

// The labels belong to the pictures: the nearest class mean names most digits, but not all.
TEST(Digits, NearestClassMeanIsOftenRight) {
  const Dataset train = make_digits(1, 0, 3000);
  std::vector<std::vector<double>> mean(10, std::vector<double>(kPixels));
  std::array<double, 10> count{};
  for (std::size_t i = 0; i < train.rows(); ++i) {
    for (std::size_t p = 0; p < kPixels; ++p) mean[train.labels[i]][p] += pixels_of(train)(i, p);
    ++count[train.labels[i]];
  }
  const Dataset test = make_digits(1, 60000, 1000);
  std::size_t right = 0;
  for (std::size_t i = 0; i < test.rows(); ++i) {
    std::array<double, 10> distance{};
    for (std::size_t c = 0; c < 10; ++c)
      for (std::size_t p = 0; p < kPixels; ++p) {
        const double difference = pixels_of(test)(i, p) - mean[c][p] / count[c];
        distance[c] += difference * difference;
      }
    const auto best = std::min_element(distance.begin(), distance.end()) - distance.begin();
    right += static_cast<std::uint32_t>(best) == test.labels[i];
  }
  EXPECT_GT(right, 600u);
  EXPECT_LT(right, 900u);
}

// Recorded results of experiments rest on these bytes; a change of the series must be on purpose.
// The generator calls nothing of the mathematics library but the square root, so the bytes should
// be the same for all compilers and processors with IEEE 754 arithmetic.
TEST(Digits, SeriesIsTheRecordedOne) {
  const Dataset digits = make_digits(1, 0, 200);
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto add = [&](std::uint32_t byte) { hash = (hash ^ byte) * 0x100000001b3; };
  for (std::size_t i = 0; i < digits.rows(); ++i) {
    add(digits.labels[i]);
    for (const std::uint8_t pixel : pixels_of(digits).row(i)) add(pixel);
  }
  EXPECT_EQ(hash, 0xf6054ccf4d380acfu);
}

}  // namespace
}  // namespace nabla
