// SPDX-License-Identifier: MIT
#include "model/dropout.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "math/bfloat16.h"
#include "math/dropout.h"
#include "math/elementwise.h"
#include "support/models.h"

namespace nabla {
namespace {

using namespace testing_support;
using kernels::DropoutMask;

constexpr std::size_t kWidth = 203, kRows = 9;
constexpr RowRange kAll{0, kRows};

/// Drops units of ones in the hidden layer of width kWidth, in epoch 3, mini-batch 5.
template <class T>
std::vector<bool> kept_units(double fraction, std::uint64_t seed = 7,
                             const std::vector<std::size_t>& cuts = {kWidth},
                             const std::vector<std::size_t>& row_cuts = {kRows}) {
  Workspace<Uniform<T>> workspace(
      Topology({4, kWidth, 2}, {Activation::kTanh, Activation::kSoftmax}), kRows);
  const MatrixView<T> a = workspace.activation(1, kAll);
  for (std::size_t r = 0; r < kRows; ++r)
    for (T& x : a.row(r)) x = T(-0.0);
  Dropout dropout({0, fraction}, seed);
  dropout.begin_step(3, 5);
  std::size_t row = 0;
  for (const std::size_t last_row : row_cuts) {
    std::size_t unit = 0;
    for (const std::size_t last : cuts) {
      dropout.apply(workspace, 1, {row, last_row - row}, {unit, last - unit});
      unit = last;
    }
    row = last_row;
  }
  std::vector<bool> kept;
  for (std::size_t r = 0; r < kRows; ++r)
    for (const T x : a.row(r)) kept.push_back(!std::signbit(x));
  return kept;
}

/// From the published generator, one unit after the other.
std::vector<bool> naively_kept(double fraction, std::uint64_t seed) {
  Random random(seed, Stream::kDropout, 1);
  const std::uint32_t first = random.bits(), second = random.bits();
  std::vector<bool> kept;
  for (std::uint32_t r = 0; r < kRows; ++r)
    for (std::uint32_t u = 0; u < kWidth; ++u) {
      const auto block = philox4x32({u / 64 * 16 + u % 16, r, 5, 3}, {first, second});
      kept.push_back(block[u / 16 % 4] * 0x1p-32 >= fraction);
    }
  return kept;
}

TEST(Dropout, MasksAreThoseOfThePublishedGenerator) {
  const std::string chosen(elementwise::instruction_set());
  for (const char* set : {"x86-64", "avx2", "avx512"}) {
    if (!elementwise::select_instruction_set(set)) continue;
    for (const double fraction : {0.1, 0.5, 0.9}) {
      EXPECT_EQ(kept_units<float>(fraction), naively_kept(fraction, 7)) << set;
      EXPECT_EQ(kept_units<double>(fraction), naively_kept(fraction, 7)) << set;
    }
  }
  ASSERT_TRUE(elementwise::select_instruction_set(chosen));
}

TEST(Dropout, DropsTheSameUnitsOfRoundedInputs) {
  const std::string chosen(elementwise::instruction_set());
  DropoutMask mask{{3, 4}, 5, 6, 1U << 30};
  for (const char* set : {"x86-64", "avx2", "avx512", "avx512bf16"}) {
    if (!elementwise::select_instruction_set(set)) continue;
    Matrix<float> whole(kRows, kWidth, kWidth + 3);
    Matrix<bfloat16_t> rounded(kRows, kWidth, kWidth + 3), expected(kRows, kWidth);
    for (std::size_t r = 0; r < kRows; ++r)
      for (std::size_t u = 0; u < kWidth; ++u)
        whole(r, u) = u % 5 == 0 ? -0.0F : static_cast<float>(r) - static_cast<float>(u) / 7;
    elementwise::round_to_bfloat16(std::as_const(whole).view(), rounded.view());
    drop_units(mask, 2, 77, whole.view());
    drop_units(mask, 2, 77, rounded.view());
    elementwise::round_to_bfloat16(std::as_const(whole).view(), expected.view());
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t u = 0; u < kWidth; ++u)
        ASSERT_EQ(rounded(r, u).bits, expected(r, u).bits) << set << ", unit " << u;
      ASSERT_EQ(rounded.data()[r * rounded.stride() + kWidth].bits, 0) << "beyond the row";
    }
  }
  ASSERT_TRUE(elementwise::select_instruction_set(chosen));
}

TEST(Dropout, DoesNotDependOnHowTheLayerIsCut) {
  const auto whole = kept_units<float>(0.5);
  EXPECT_EQ(kept_units<float>(0.5, 7, {16, 64, 80, 81, kWidth}, {1, 4, kRows}), whole);
  EXPECT_NE(kept_units<float>(0.5, 8), whole) << "another seed";
}

TEST(Dropout, LeavesOutTheFractionAskedFor) {
  for (const double fraction : {0.2, 0.5}) {
    const auto kept = kept_units<float>(fraction);
    const double count = static_cast<double>(kept.size());
    const double share = static_cast<double>(std::ranges::count(kept, false)) / count;
    EXPECT_NEAR(share, fraction, 4 * std::sqrt(fraction * (1 - fraction) / count));
  }
  const Dropout dropout({0.2, 0}, 1);
  EXPECT_DOUBLE_EQ(dropout.scale(0), 1.25);
  EXPECT_FALSE(dropout.drops(1));
  EXPECT_EQ(dropout.scale(1), 1);
}

}  // namespace
}  // namespace nabla
