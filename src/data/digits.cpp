// SPDX-License-Identifier: MIT
#include "data/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "nabla/base/error.h"

#include "base/random.h"
#include "data/digit_strokes.h"

namespace nabla {

namespace {

constexpr std::size_t kDigitPixels = kDigitSide * kDigitSide;

// How much hands differ, set so that the classes overlap about as much as in MNIST: with 60,000
// rows softmax regression reaches about 90 % on the next 10,000, a hidden layer of 100 about 98 %.
constexpr double kMinHeight = 16, kMaxHeight = 21.5;  // pixels, before slant and rotation
constexpr double kAspect = 0.28;                      // width against height, relative
constexpr double kMeanSlant = 0.12;                   // tangent; most hands lean to the right
constexpr double kSlant = 0.44;                       // largest difference from the mean
constexpr double kHalfAngle = 0.09;                   // tangent of half the largest rotation
constexpr double kBend = 0.2;                         // how far straight lines bend, relative
constexpr double kMinWobble = 3, kMaxWobble = 20;     // largest error of a point, in glyph units
constexpr double kMemory = 0.6;  // share of a point's error that its successor inherits
constexpr double kShift = 1.5;   // pixels
constexpr double kMinRadius = 0.7, kMaxRadius = 1.8;      // pixels, half the pen's width
constexpr double kPressure = 0.35;                        // change of radius on the way, relative
constexpr double kMinSoftness = 1.0, kMaxSoftness = 1.9;  // pixels
constexpr double kMinInk = 215, kMaxInk = 275;  // grey level of full ink; over 255 it saturates
constexpr double kGrain = 20;                   // largest change of full ink by noise, grey levels

/// Uniform in [-1, 1).
double spread(Random& random) { return random.uniform(-1.0, 1.0); }

/// In (-1, 1), most often near 0: a bounded stand-in for the normal distribution that needs no
/// logarithm. The standard deviation is √(1/6).
double bell(Random& random) {
  const std::uint32_t bits = random.bits();
  return (static_cast<double>(bits & 0xffff) - static_cast<double>(bits >> 16)) * 0x1p-16;
}

const Glyph& choose_glyph(unsigned digit, Random& random) {
  const std::span<const Glyph> glyphs = digit_glyphs(digit);
  unsigned total = 0;
  for (const Glyph& glyph : glyphs) total += glyph.weight;
  unsigned ticket = random.below(total);
  std::size_t index = 0;
  while (ticket >= glyphs[index].weight) ticket -= glyphs[index++].weight;
  return glyphs[index];
}

/// From glyph units to pixels around the origin, the same for all points of one digit: a bent page,
/// then stretch, slant and rotation.
class Hand {
 public:
  explicit Hand(Random& random) {
    for (double& bend : bend_) bend = kBend * bell(random);
    const double height = random.uniform(kMinHeight, kMaxHeight);
    const double width = height * (1 + kAspect * spread(random));
    const double slant = kMeanSlant + kSlant * bell(random);
    // Cosine and sine from the tangent of the half angle, so that no library function is needed.
    const double t = kHalfAngle * spread(random);
    const double cosine = (1 - t * t) / (1 + t * t);
    const double sine = 2 * t / (1 + t * t);
    xx_ = 0.5 * cosine * width;
    xy_ = 0.5 * (-cosine * slant * width - sine * height);
    yx_ = 0.5 * sine * width;
    yy_ = 0.5 * (-sine * slant * width + cosine * height);
  }

  PenVertex place(double x, double y, double radius) const {
    const double u = x / 50, v = y / 50;
    const double bent_u = u + bend_[0] * v * v + bend_[1] * u * v;
    const double bent_v = v + bend_[2] * u * u + bend_[3] * u * v + bend_[4] * (v * v - 0.5);
    return {xx_ * bent_u + xy_ * bent_v, yx_ * bent_u + yy_ * bent_v, radius};
  }

 private:
  std::array<double, 5> bend_{};
  double xx_, xy_, yx_, yy_;
};

/// The points of a glyph as one hand places them.
std::vector<PenVertex> place_points(const Glyph& glyph, Random& random) {
  const Hand hand(random);
  const double sloppiness = random.uniform();
  const double wobble = kMinWobble + (kMaxWobble - kMinWobble) * sloppiness * sloppiness;
  const double radius = random.uniform(kMinRadius, kMaxRadius);
  std::vector<PenVertex> points;
  points.reserve(glyph.points.size());
  double error_x = 0, error_y = 0;
  for (const PenPoint& point : glyph.points) {
    error_x = kMemory * error_x + wobble * bell(random);
    error_y = kMemory * error_y + wobble * bell(random);
    points.push_back(
        hand.place(point.x + error_x, point.y + error_y, radius * (1 + kPressure * bell(random))));
  }
  return points;
}

/// Moves the points so that the middle of their bounding box is the image's, give or take a shift
/// that keeps them inside; what is too large for the image shrinks.
void fit_points(std::vector<PenVertex>& points, Random& random) {
  PenVertex low = points.front(), high = points.front();
  for (const PenVertex& point : points) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y), 0.0};
    high = {std::max(high.x, point.x), std::max(high.y, point.y), 0.0};
  }
  constexpr double kRoom = static_cast<double>(kDigitSide) - 5;  // pixels, less the pen's width
  const double scale = std::min(1.0, kRoom / std::max(high.x - low.x, high.y - low.y));
  const auto offset = [&](double from, double to) {
    const double play = std::max(0.0, (kRoom - scale * (to - from)) / 2);
    return (static_cast<double>(kDigitSide) - scale * (from + to)) / 2 +
           std::clamp(kShift * spread(random), -play, play);
  };
  const double offset_x = offset(low.x, high.x);
  const double offset_y = offset(low.y, high.y);
  for (PenVertex& point : points) {
    point.x = scale * point.x + offset_x;
    point.y = scale * point.y + offset_y;
  }
}

/// Draws the cubic from `a` to `b` whose tangents at the ends are (ax, ay) and (bx, by), the
/// Hermite form.
void draw_curve(DigitCanvas& canvas, const PenVertex& a, const PenVertex& b, double ax, double ay,
                double bx, double by) {
  constexpr double kStep = 1.9;  // pixels per line, few enough to look round
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double chord = std::sqrt(dx * dx + dy * dy);
  const int lines = std::clamp(static_cast<int>(chord / kStep + 1), 2, 8);
  PenVertex from = a;
  for (int i = 1; i <= lines; ++i) {
    const double t = static_cast<double>(i) / lines;
    const double s = 1 - t;
    const double end = t * t * (3 - 2 * t), tangent_a = t * s * s, tangent_b = -t * t * s;
    const PenVertex to{a.x + end * dx + tangent_a * ax + tangent_b * bx,
                       a.y + end * dy + tangent_a * ay + tangent_b * by,
                       a.radius + t * (b.radius - a.radius)};
    canvas.draw_line(from, to);
    from = to;
  }
}

/// Draws the glyph through the placed points, a Catmull-Rom curve between kinks.
void draw_glyph(DigitCanvas& canvas, const Glyph& glyph, const std::vector<PenVertex>& points) {
  const auto pen = [&](std::size_t i) { return glyph.points[i].pen; };
  const auto smooth = [&](std::size_t i) {
    return i > 0 && pen(i) == Pen::kSmooth && pen(i - 1) != Pen::kLift;
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (pen(i) == Pen::kLift) continue;
    const PenVertex &a = points[i], &b = points[i + 1];
    const PenVertex& before = smooth(i) ? points[i - 1] : a;
    const PenVertex& after = smooth(i + 1) ? points[i + 2] : b;
    draw_curve(canvas, a, b, (b.x - before.x) / 2, (b.y - before.y) / 2, (after.x - a.x) / 2,
               (after.y - a.y) / 2);
  }
}

/// Grey levels of the ink with grain in it; the paper stays blank.
void develop(const DigitCanvas& canvas, Random& random, std::span<std::uint8_t> pixels) {
  const double ink = random.uniform(kMinInk, kMaxInk);
  std::uint32_t noise = 0;
  for (std::size_t i = 0; i < kDigitPixels; ++i) {
    noise = i % 4 == 0 ? random.bits() : noise >> 8;
    const double coverage = canvas.coverage()[i];
    if (coverage <= 0) continue;
    const double grain = kGrain * (static_cast<double>(noise & 0xff) / 127.5 - 1);
    const double level = (ink + grain) * coverage;
    pixels[i] = static_cast<std::uint8_t>(std::clamp(level + 0.5, 0.0, 255.0));
  }
}

/// Draws row `index` of the series; returns its class.
std::uint32_t draw_row(std::uint64_t seed, std::uint64_t index, std::span<std::uint8_t> pixels) {
  // Substreams have 32 bits; the high bits of the index, if any, choose another seed.
  Random random(seed + (index >> 32) * 0x9E3779B97F4A7C15, Stream::kDigits,
                static_cast<std::uint32_t>(index));
  const std::uint32_t digit = random.below(10);
  const Glyph& glyph = choose_glyph(digit, random);
  std::vector<PenVertex> points = place_points(glyph, random);
  fit_points(points, random);
  DigitCanvas canvas(random.uniform(kMinSoftness, kMaxSoftness));
  draw_glyph(canvas, glyph, points);
  develop(canvas, random, pixels);
  return digit;
}

}  // namespace

Dataset make_digits(std::uint64_t seed, std::size_t first, std::size_t count) {
  Dataset dataset;
  dataset.image_height = kDigitSide;
  dataset.image_width = kDigitSide;
  dataset.classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  dataset.labels.resize(count);
  Matrix<std::uint8_t> features(count, kDigitPixels);
  for (std::size_t i = 0; i < count; ++i)
    dataset.labels[i] = draw_row(seed, first + i, features.view().row(i));
  dataset.features = std::move(features);
  return dataset;
}

SourceRows read_digits_source(const DataOptions& options) {
  const std::size_t train = options.digits_train;
  SourceRows rows;
  rows.train = make_digits(options.digits_seed, 0, train);
  rows.train_name = "digits";
  if (options.digits_test > 0)
    rows.test = make_digits(options.digits_seed, train, options.digits_test);
  rows.test_name = "digits";
  return rows;
}

}  // namespace nabla
