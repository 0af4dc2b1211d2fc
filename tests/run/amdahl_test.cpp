// SPDX-License-Identifier: MIT
#include "run/amdahl.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

TEST(Amdahl, FindsTheFractionOfAnExactCurve) {
  std::vector<ThreadTime> measured;
  for (const double n : {1.0, 2.0, 4.0, 8.0}) measured.push_back({n, 5 * (0.1 + 0.9 / n)});
  const auto fit = fit_amdahl(measured);
  ASSERT_TRUE(fit && fit->error);
  EXPECT_NEAR(fit->value, 0.1, 1e-14);
  EXPECT_NEAR(*fit->error, 0, 1e-7);
}

// T = 1, 0.6, 0.35 at n = 1, 2, 4. With x = 1/n: mean x = 7/12, mean T = 13/20, Sxx = 7/24,
// SxT = 1/4, STT = 43/200. So the slope is (1/4)/(7/24) = 6/7, the intercept 13/20 − 1/2 = 3/20,
// and T(1) = 141/140. The residual variance, of one degree of freedom, is 43/200 − 6/28 = 1/1400;
// in units of it Var(intercept) = 1/3 + (49/144)/(7/24) = 3/2, Var(slope) = 24/7 and
// Cov = −(7/12)/(7/24) = −2.
TEST(Amdahl, GivesTheFractionAndErrorDerivedByHand) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 1.0}, {2, 0.6}, {4, 0.35}});
  ASSERT_TRUE(fit && fit->error);
  EXPECT_NEAR(fit->value, 7.0 / 47, 1e-14);
  const double slope = 6.0 / 7;
  const double intercept = 3.0 / 20;
  const double variance =
      slope * slope * 1.5 + intercept * intercept * 24 / 7 + 4 * slope * intercept;
  EXPECT_NEAR(*fit->error, std::sqrt(variance / 1400) / std::pow(141.0 / 140, 2), 1e-13);
}

TEST(Amdahl, TwoCountsHaveNoErrorAndOneHasNoFit) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 4.0}, {2, 3.0}});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->value, 0.5, 1e-14);
  EXPECT_FALSE(fit->error);
  EXPECT_FALSE(fit_amdahl(std::vector<ThreadTime>{{2, 3.0}}));
  EXPECT_FALSE(fit_amdahl(std::vector<ThreadTime>{{2, 3.0}, {2, 3.5}, {2, 4.0}}));
  EXPECT_FALSE(fit_amdahl({}));
}

TEST(Amdahl, MoreThanLinearIsBelowZero) {
  const auto fit = fit_amdahl(std::vector<ThreadTime>{{1, 4.0}, {2, 1.5}});
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->value, -0.25, 1e-14);
}

}  // namespace
}  // namespace nabla
