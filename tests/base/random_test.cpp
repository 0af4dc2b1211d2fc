// SPDX-License-Identifier: MIT
#include "nabla/base/random.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace nabla {
namespace {

using Block = std::array<std::uint32_t, 4>;

// These are known answers of the authors' own implementation, Random123, for ten rounds.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, IsTheSequenceOfBlocks) {
  Random random(0x0123456789abcdef, 5, 6);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Block expected = philox4x32({block, 0, 6, 5}, {0x89abcdef, 0x01234567});
    for (const std::uint32_t bits : expected) EXPECT_EQ(random.bits(), bits);
  }
}

TEST(Random, PartsAreTheUpperHalfOfTheCounter) {
  Random random(0x0123456789abcdef, 5, 6, 7);
  const Block expected = philox4x32({0, 7, 6, 5}, {0x89abcdef, 0x01234567});
  for (const std::uint32_t bits : expected) EXPECT_EQ(random.bits(), bits);
}

TEST(Random, StreamsDiffer) {
  std::set<std::uint32_t> firsts;
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1} << 32})
    for (const std::uint32_t stream : {0U, 1U, 2U})
      for (const std::uint32_t substream : {0U, 1U, 2U})
        firsts.insert(Random(seed, stream, substream).bits());
  EXPECT_EQ(firsts.size(), 27U);
}

TEST(Random, StreamsAreUncorrelated) {
  constexpr int kDraws = 100000;
  Random a(1, 1, 0), b(1, 1, 1);
  double product = 0;
  for (int i = 0; i < kDraws; ++i) product += a.uniform(-1, 1) * b.uniform(-1, 1);
  // The mean of n products of variance 1/9 has the standard deviation 1/(3√n).
  EXPECT_LT(std::abs(product / kDraws), 4.0 / (3.0 * std::sqrt(double{kDraws})));
}

TEST(Random, UniformFillsItsInterval) {
  constexpr int kDraws = 200000, kBins = 16;
  Random random(3);
  std::vector<int> bins(kBins);
  double largest = 0, smallest = 1;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    largest = std::max(largest, u);
    smallest = std::min(smallest, u);
    ++bins[static_cast<std::size_t>(u * kBins)];
  }
  EXPECT_LT(smallest, 1e-4);
  EXPECT_GT(largest, 1 - 1e-4);
  const double expected = double{kDraws} / kBins;
  for (const int count : bins) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
}

TEST(Random, UniformBetweenBounds) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform(-3, 5);
    ASSERT_GE(u, -3);
    ASSERT_LT(u, 5);
    sum += u;
  }
  EXPECT_NEAR(sum / 100000, 1.0, 0.04);
}

/// Expects normal's next number x to have Φ(x) = p. Here p is the uniform number, in steps of
/// 2^-52, that x comes from, moved by half a step away from 0 and 1.
void expect_inverse(Random& normal, Random& uniform) {
  const double p = (std::floor(uniform.uniform() * 0x1p52) + 0.5) * 0x1p-52;
  const double x = normal.normal();
  // Each tail is compared by itself: near 1 the digits are in 1 − Φ.
  const double expected = p < 0.5 ? p : 1 - p;
  const double tail = 0.5 * std::erfc(std::abs(x) / std::sqrt(2.0));
  // A rounding of x changes its tail by a share x² times as large.
  ASSERT_NEAR(tail, expected, (1 + x * x) * 1e-15 * expected) << "x = " << x;
  ASSERT_EQ(x < 0, p < 0.5);
}

TEST(Random, NormalIsTheInverseDistributionFunction) {
  Random normal(4), uniform(4);
  for (int i = 0; i < 200000; ++i) expect_inverse(normal, uniform);
}

// One uniform number in 10^11 is as small as the first of this seed.
TEST(Random, NormalIsTheInverseDistributionFunctionFarOut) {
  constexpr std::uint64_t kSeed = 90252410652;
  Random normal(kSeed), uniform(kSeed);
  EXPECT_LT(Random(kSeed).uniform(), 1e-11);
  EXPECT_LT(Random(kSeed).normal(), -6.7);
  expect_inverse(normal, uniform);
}

TEST(Random, NormalHasTheMomentsOfItsDistribution) {
  constexpr int kDraws = 1000000;
  Random random(5);
  double sum = 0, squares = 0, cubes = 0, fourths = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    cubes += x * x * x;
    fourths += x * x * x * x;
  }
  // The bounds are four standard deviations; those of x^k are 1, √2, √15 and √96.
  EXPECT_NEAR(sum / kDraws, 0, 4e-3);
  EXPECT_NEAR(squares / kDraws, 1, 4e-3 * std::sqrt(2.0));
  EXPECT_NEAR(cubes / kDraws, 0, 4e-3 * std::sqrt(15.0));
  EXPECT_NEAR(fourths / kDraws, 3, 4e-3 * std::sqrt(96.0));
}

TEST(Random, BelowIsInRange) {
  Random random(6);
  for (const std::uint32_t bound : {1U, 2U, 3U, 10U, 0x80000001U, 0xffffffffU})
    for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(bound), bound);
}

// The bound is three quarters of all 32-bit numbers: scaled without rejection, bits() would give
// every third number twice as often as the others.
TEST(Random, BelowIsUnbiased) {
  constexpr std::uint32_t kBound = 3U << 30;
  constexpr int kDraws = 90000;
  Random random(7);
  int counts[3] = {};
  for (int i = 0; i < kDraws; ++i) ++counts[random.below(kBound) % 3];
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 3, 5 * std::sqrt(kDraws / 3.0));
}

}  // namespace
}  // namespace nabla
