// SPDX-License-Identifier: MIT
#include "data/digit_strokes.h"

#include <algorithm>
#include <cassert>
#include <cmath>

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

/// Pixels [first, last) of one axis.
struct PixelRange {
  int first;
  int last;
};

/// All pixels whose centres lie within `reach` of [low, high], and perhaps one more at either end.
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

}  // namespace nabla
