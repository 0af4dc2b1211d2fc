// SPDX-License-Identifier: MIT
#include "data/digits.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "nabla/base/error.h"
#include "nabla/base/random.h"

namespace nabla {

namespace {

constexpr Pen kCorner = Pen::kCorner;
constexpr Pen kLift = Pen::kLift;

constexpr PenPoint kZeroClosed[] = {{4, -49}, {-18, -40}, {-30, -6}, {-25, 30},      {-2, 50},
                                    {23, 34}, {30, -4},   {22, -38}, {2, -50, kLift}};
constexpr PenPoint kZeroOverlapping[] = {{12, -44}, {-12, -46},       {-29, -14}, {-27, 26},
                                         {-4, 49},  {22, 36},         {30, 0},    {22, -36},
                                         {2, -50},  {-14, -36, kLift}};
constexpr PenPoint kZeroGap[] = {{-2, -48}, {-24, -32}, {-29, 6},  {-18, 40},
                                 {6, 50},   {27, 24},   {27, -16}, {14, -42, kLift}};
constexpr PenPoint kZeroSlashed[] = {{4, -49},        {-18, -40}, {-30, -6},       {-25, 30},
                                     {-2, 50},        {23, 34},   {30, -4},        {22, -38},
                                     {2, -50, kLift}, {26, -42},  {-26, 42, kLift}};
constexpr Glyph kZero[] = {
    {4, kZeroClosed}, {4, kZeroOverlapping}, {2, kZeroGap}, {1, kZeroSlashed}};

constexpr PenPoint kOnePlain[] = {{1, -50}, {0, 0}, {-1, 50, kLift}};
constexpr PenPoint kOneSerif[] = {{-18, -28}, {3, -50, kCorner}, {2, 0}, {2, 50, kLift}};
constexpr PenPoint kOneShortSerif[] = {{-10, -40}, {1, -50, kCorner}, {0, 0}, {-1, 50, kLift}};
constexpr PenPoint kOneBase[] = {{-17, -32},     {2, -50, kCorner}, {1, 0},
                                 {1, 49, kLift}, {-22, 50},         {24, 49, kLift}};
constexpr Glyph kOne[] = {{7, kOnePlain}, {3, kOneSerif}, {2, kOneShortSerif}, {2, kOneBase}};

constexpr PenPoint kTwoPlain[] = {{-26, -28},         {-14, -46}, {8, -49},
                                  {24, -34},          {19, -10},  {-4, 20},
                                  {-29, 48, kCorner}, {0, 47},    {31, 46, kLift}};
constexpr PenPoint kTwoLoop[] = {{-26, -30}, {-10, -48}, {14, -46}, {24, -26},
                                 {12, 4},    {-10, 34},  {-25, 47}, {-33, 38},
                                 {-23, 29},  {-4, 37},   {14, 47},  {34, 40, kLift}};
constexpr PenPoint kTwoRound[] = {{-22, -36},         {-2, -50}, {20, -40}, {20, -16},      {0, 16},
                                  {-26, 44, kCorner}, {-6, 38},  {12, 46},  {32, 42, kLift}};
constexpr PenPoint kTwoAngular[] = {{-25, -42}, {0, -49},           {22, -44}, {18, -20},
                                    {-6, 18},   {-28, 49, kCorner}, {2, 49},   {28, 50, kLift}};
constexpr Glyph kTwo[] = {{4, kTwoPlain}, {3, kTwoLoop}, {3, kTwoRound}, {1, kTwoAngular}};

constexpr PenPoint kThreeRound[] = {{-24, -36}, {-4, -50},         {20, -40},
                                    {18, -16},  {-6, -3, kCorner}, {20, 8},
                                    {26, 30},   {2, 50},           {-27, 38, kLift}};
constexpr PenPoint kThreeFlat[] = {{-24, -48},      {24, -48, kCorner}, {-5, -9, kCorner},
                                   {20, 3},         {26, 28},           {4, 50},
                                   {-27, 40, kLift}};
constexpr PenPoint kThreeLoop[] = {{-24, -36}, {-2, -50}, {20, -38},       {12, -12},
                                   {-6, -2},   {-11, -8}, {2, -8},         {20, 8},
                                   {25, 32},   {0, 50},   {-27, 36, kLift}};
constexpr PenPoint kThreeSoft[] = {{-20, -42}, {2, -50}, {20, -34}, {11, -12},       {4, -3},
                                   {18, 10},   {23, 32}, {2, 50},   {-26, 42, kLift}};
constexpr Glyph kThree[] = {{5, kThreeRound}, {1, kThreeFlat}, {2, kThreeLoop}, {3, kThreeSoft}};

constexpr PenPoint kFourOpen[] = {{-17, -46}, {-28, 5, kCorner}, {2, 5}, {29, 3, kLift}, {12, -42},
                                  {9, 4},     {6, 50, kLift}};
constexpr PenPoint kFourCup[] = {{-22, -46},      {-27, -14}, {-18, 3}, {4, 4},
                                 {24, -6, kLift}, {23, -48},  {20, 2},  {15, 50, kLift}};
constexpr PenPoint kFourClosed[] = {{9, -50}, {-12, -16},      {-30, 14, kCorner},
                                    {2, 15},  {32, 13, kLift}, {10, -50},
                                    {9, 0},   {8, 50, kLift}};
constexpr PenPoint kFourOneLine[] = {{30, 12},           {0, 12}, {-29, 11, kCorner}, {-6, -22},
                                     {11, -50, kCorner}, {9, 0},  {7, 50, kLift}};
constexpr Glyph kFour[] = {{4, kFourOpen}, {3, kFourCup}, {2, kFourClosed}, {1, kFourOneLine}};

constexpr PenPoint kFiveTwoStrokes[] = {
    {-16, -46}, {-21, -6, kCorner}, {2, -15},   {24, 4},  {20, 34},
    {-4, 50},   {-28, 38, kLift},   {-17, -46}, {4, -47}, {27, -49, kLift}};
constexpr PenPoint kFiveOneLine[] = {
    {27, -48}, {-14, -46, kCorner}, {-19, -8, kCorner}, {4, -14}, {25, 8}, {16, 40},
    {-6, 50},  {-28, 38, kLift}};
constexpr PenPoint kFiveSoft[] = {{27, -46}, {2, -48}, {-19, -34}, {-12, -12},
                                  {10, 0},   {20, 24}, {2, 48},    {-26, 42, kLift}};
constexpr PenPoint kFiveLow[] = {{-12, -48}, {-18, -2, kCorner}, {8, -6},
                                 {22, 14},   {10, 42},           {-26, 48, kLift},
                                 {-13, -47}, {8, -44},           {30, -46, kLift}};
constexpr Glyph kFive[] = {{4, kFiveTwoStrokes}, {3, kFiveOneLine}, {2, kFiveSoft}, {2, kFiveLow}};

constexpr PenPoint kSixRound[] = {{15, -49}, {-10, -26}, {-25, 8}, {-20, 40},       {2, 50},
                                  {23, 34},  {18, 11},   {-3, 7},  {-22, 26, kLift}};
constexpr PenPoint kSixStraight[] = {{6, -50}, {-13, -14}, {-24, 22}, {-10, 47},       {14, 46},
                                     {24, 27}, {9, 12},    {-12, 20}, {-20, 36, kLift}};
constexpr PenPoint kSixCurled[] = {{24, -40}, {8, -50}, {-14, -34}, {-27, 4}, {-20, 40},
                                   {4, 50},   {24, 32}, {14, 8},    {-9, 10}, {-24, 28, kLift}};
constexpr PenPoint kSixWide[] = {{-4, -50}, {-20, -20}, {-27, 16}, {-14, 46},       {14, 47},
                                 {29, 22},  {14, 0},    {-10, 6},  {-24, 22, kLift}};
constexpr Glyph kSix[] = {{4, kSixRound}, {3, kSixStraight}, {2, kSixCurled}, {2, kSixWide}};

constexpr PenPoint kSevenPlain[] = {
    {-26, -44}, {0, -46}, {27, -47, kCorner}, {8, 0}, {-6, 50, kLift}};
constexpr PenPoint kSevenBar[] = {{-26, -44},      {0, -46}, {27, -47, kCorner}, {8, 0},
                                  {-8, 50, kLift}, {-16, 3}, {24, -2, kLift}};
constexpr PenPoint kSevenSerif[] = {
    {-27, -30}, {-26, -47, kCorner}, {28, -47, kCorner}, {6, 2}, {-4, 50, kLift}};
constexpr PenPoint kSevenCurved[] = {{-27, -40}, {-8, -46}, {18, -46},
                                     {25, -34},  {8, 4},    {0, 50, kLift}};
constexpr Glyph kSeven[] = {{5, kSevenPlain}, {2, kSevenBar}, {2, kSevenSerif}, {3, kSevenCurved}};

constexpr PenPoint kEightOneLine[] = {{20, -36}, {2, -50},  {-18, -38},      {-14, -16},
                                      {7, 1},    {22, 26},  {2, 50},         {-22, 32},
                                      {-9, 6},   {13, -13}, {21, -36, kLift}};
constexpr PenPoint kEightCircles[] = {
    {0, -50}, {-18, -38}, {-16, -14}, {0, -4}, {17, -15}, {18, -38}, {0, -50, kLift},
    {0, -4},  {-22, 14},  {-20, 40},  {0, 50}, {22, 38},  {22, 14},  {0, -4, kLift}};
constexpr PenPoint kEightOpen[] = {{16, -47}, {-6, -47}, {-20, -30},      {-6, -8},
                                   {16, 12},  {18, 38},  {-4, 50},        {-22, 34},
                                   {-8, 6},   {14, -18}, {28, -44, kLift}};
constexpr PenPoint kEightBack[] = {{2, -49},   {20, -34},  {12, -12},      {-10, 6},
                                   {-22, 30},  {0, 50},    {22, 32},       {10, 4},
                                   {-14, -14}, {-20, -36}, {4, -50, kLift}};
constexpr Glyph kEight[] = {
    {5, kEightOneLine}, {2, kEightCircles}, {3, kEightOpen}, {2, kEightBack}};

constexpr PenPoint kNineRound[] = {{22, -34}, {4, -50},  {-20, -38}, {-22, -12},     {-4, -2},
                                   {16, -16}, {23, -38}, {21, 0},    {14, 50, kLift}};
constexpr PenPoint kNineStraight[] = {{20, -40},          {0, -50}, {-22, -34},
                                      {-18, -8},          {2, -3},  {18, -18},
                                      {23, -46, kCorner}, {22, 0},  {19, 50, kLift}};
constexpr PenPoint kNineHooked[] = {{22, -36}, {2, -50},  {-20, -36},      {-18, -10},
                                    {2, -2},   {20, -18}, {23, -36},       {22, 10},
                                    {10, 44},  {-10, 49}, {-24, 38, kLift}};
constexpr PenPoint kNineSlanted[] = {{20, -28},          {6, -47}, {-16, -44},
                                     {-23, -22},         {-7, -7}, {14, -16},
                                     {23, -40, kCorner}, {14, 4},  {0, 50, kLift}};
constexpr Glyph kNine[] = {
    {4, kNineRound}, {3, kNineStraight}, {2, kNineHooked}, {3, kNineSlanted}};

}  // namespace

std::span<const Glyph> digit_glyphs(unsigned digit) {
  constexpr std::span<const Glyph> kGlyphs[] = {kZero, kOne, kTwo,   kThree, kFour,
                                                kFive, kSix, kSeven, kEight, kNine};
  assert(digit < 10);
  return kGlyphs[digit];
}

namespace {

/// The pixels [first, last) of one axis.
struct PixelRange {
  int first;
  int last;
};

/// Returns all pixels whose centres lie within `reach` of [low, high], and perhaps one more at
/// either end.
PixelRange pixels_within(double low, double high, double reach) {
  constexpr double kCanvasSide = static_cast<double>(kDigitSide);
  return {static_cast<int>(std::clamp(low - reach, 0.0, kCanvasSide)),
          static_cast<int>(std::clamp(high + reach + 1, 0.0, kCanvasSide))};
}

}  // namespace

void DigitCanvas::draw_line(const PenVertex& a, const PenVertex& b) {
  const double radius = (a.radius + b.radius) / 2;
  const double full_inside = radius + reach_;  // no ink at this distance or further
  const PixelRange rows = pixels_within(std::min(a.y, b.y), std::max(a.y, b.y), full_inside);
  const PixelRange cols = pixels_within(std::min(a.x, b.x), std::max(a.x, b.x), full_inside);

  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length_squared = dx * dx + dy * dy;
  const double scale = length_squared > 0 ? 1 / length_squared : 0.0;
  for (int row = rows.first; row < rows.last; ++row) {
    const double py = row + 0.5 - a.y;
    double* pixels = coverage_.data() + static_cast<std::size_t>(row) * kDigitSide;
    for (int col = cols.first; col < cols.last; ++col) {
      const double px = col + 0.5 - a.x;
      const double along = std::min(1.0, std::max(0.0, (px * dx + py * dy) * scale));
      const double ex = px - along * dx;
      const double ey = py - along * dy;
      const double distance = std::sqrt(ex * ex + ey * ey);
      const double ink = std::min(1.0, (full_inside - distance) * inverse_softness_);
      pixels[col] = std::max(pixels[col], ink);
    }
  }
}

namespace {

constexpr std::size_t kDigitPixels = kDigitSide * kDigitSide;

// These say how much hands differ. The classes overlap about as much as in MNIST: with 60,000 rows
// softmax regression reaches about 90 % on the next 10,000, a hidden layer of 100 about 98 %.
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

/// Draws a number uniform in [-1, 1).
double spread(Random& random) { return random.uniform(-1.0, 1.0); }

/// Draws a number in (-1, 1), most often near 0: a bounded substitute for the normal distribution
/// that needs no logarithm. The standard deviation is √(1/6).
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

/// The map from glyph units to pixels around the origin, the same for all points of one digit: a
/// bend of the page, then stretch, slant and rotation.
class Hand {
 public:
  explicit Hand(Random& random) {
    for (double& bend : bend_) bend = kBend * bell(random);
    const double height = random.uniform(kMinHeight, kMaxHeight);
    const double width = height * (1 + kAspect * spread(random));
    const double slant = kMeanSlant + kSlant * bell(random);
    // Cosine and sine come from the tangent of the half angle, which needs no library function.
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

/// Returns the points of a glyph as one hand places them.
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

/// Moves the points so that the middle of their bounding box is the image's, up to a shift that
/// keeps them inside. Shrinks a digit that is too large for the image.
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

/// Draws the cubic from `a` to `b` whose tangents at the ends are (ax, ay) and (bx, by), by the
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

/// Draws the glyph through the placed points as a Catmull-Rom curve between kinks.
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

/// Makes grey levels of the ink and adds grain to it; the paper stays blank.
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
