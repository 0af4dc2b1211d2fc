// SPDX-License-Identifier: MIT
#include "report/axis.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace nabla::report {
namespace {

std::string texts_of(const std::vector<Tic>& tics) {
  std::string text;
  for (const Tic& tic : tics)
    if (!tic.text.empty()) text += (text.empty() ? "" : " ") + tic.text;
  return text;
}

TEST(ReportAxis, CountsInWholeNumbers) {
  EXPECT_EQ(texts_of(whole_tics(1, 2)), "1 2");
  EXPECT_EQ(texts_of(whole_tics(1, 1)), "1");
  EXPECT_EQ(texts_of(whole_tics(1, 10)), "1 2 3 4 5 6 7 8 9 10");
  EXPECT_EQ(texts_of(whole_tics(1, 11)), "2 4 6 8 10");
  EXPECT_EQ(texts_of(whole_tics(1, 200)), "50 100 150 200");
  EXPECT_EQ(texts_of(whole_tics(3, 1'000'000)), "200000 400000 600000 800000 1000000");
  for (double high = 1; high < 5000; high += 7)
    EXPECT_LE(whole_tics(1, high, 6).size(), 6U) << high;
}

TEST(ReportAxis, WritesPowersOfTen) {
  EXPECT_EQ(power_of_ten(-1), "10⁻¹");
  EXPECT_EQ(power_of_ten(0), "10⁰");
  EXPECT_EQ(power_of_ten(238), "10²³⁸");
}

TEST(ReportAxis, LogarithmsEndAtRoundNumbers) {
  const LogAxis axis = log_axis(0.03, 4);
  EXPECT_DOUBLE_EQ(axis.low, 0.02);
  EXPECT_DOUBLE_EQ(axis.high, 5);
  EXPECT_EQ(texts_of(axis.tics), "10⁻¹ 10⁰");
  // One power of ten alone would leave the length of a decade open.
  EXPECT_EQ(texts_of(log_axis(0.3, 4).tics), "10⁻¹ 10⁰ 10¹");
  EXPECT_EQ(texts_of(log_axis(1, 1).tics), "10⁰ 10¹");
  EXPECT_EQ(texts_of(log_axis(1e-3, 1e-1).tics), "10⁻³ 10⁻² 10⁻¹");
  const std::string many = texts_of(log_axis(1e-30, 1e3).tics);
  EXPECT_NE(many.find("10⁰"), std::string::npos) << many;
  EXPECT_LE(std::count(many.begin(), many.end(), ' '), 8) << many;
}

TEST(ReportAxis, HoldsTheNumbersItIsMadeFor) {
  for (double low = 1e-12; low < 1e12; low *= 3.7)
    for (const double factor : {1.0, 2.0, 31.0, 1e5}) {
      const LogAxis axis = log_axis(low, low * factor);
      EXPECT_LE(axis.low, low * (1 + 1e-9));
      EXPECT_GE(axis.high, low * factor * (1 - 1e-9));
      EXPECT_FALSE(texts_of(axis.tics).empty()) << low << " " << factor;
    }
}

TEST(ReportAxis, KnowsTextsThatTouch) {
  const std::vector<Tic> tics = {{0, "abc"}, {1, "déf"}};
  EXPECT_FALSE(do_texts_collide(tics, 4));
  EXPECT_TRUE(do_texts_collide(tics, 3.9));
}

}  // namespace
}  // namespace nabla::report
