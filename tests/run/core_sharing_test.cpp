// SPDX-License-Identifier: MIT
#include "run/core_sharing.h"

#include <gtest/gtest.h>
#include <sstream>
#include <string>

namespace nabla {
namespace {

TEST(CoreSharing, AddsTheBusyTicksOfTheNamedCores) {
  const std::string text =
      "cpu  9 9 9 9 9 9 9 9 9 9\n"
      "cpu0 1 2 4 1000 1000 8 16 32 1 2\n"
      "cpu1 100 0 0 5000 0 0 0 0 0 0\n"
      "cpu10 7 0 0 0 0 0 0 0 7 0\n"
      "intr 12\n"
      "cpu2 1 1 1 1\n";
  const auto ticks = [&](const std::vector<std::size_t>& cores) {
    std::istringstream stat(text);
    return busy_ticks(stat, cores);
  };
  EXPECT_EQ(ticks({0}), 63);
  EXPECT_EQ(ticks({1, 10}), 107);
  EXPECT_EQ(ticks({2}), std::nullopt);
  EXPECT_EQ(ticks({}), std::nullopt);
}

TEST(CoreSharing, SaysNothingOfAMoment) {
  CoreSharing sharing;
  sharing.start();
  sharing.stop();
  EXPECT_FALSE(sharing.cores_of_others());
}

TEST(CoreSharing, CountsFreeCoresAgainstThreads) {
  EXPECT_FALSE(cores_are_shared(2, 2, 0.1));
  EXPECT_TRUE(cores_are_shared(2, 2, 0.3));
  EXPECT_FALSE(cores_are_shared(1, 2, 1.0));
  EXPECT_TRUE(cores_are_shared(1, 2, 1.5));
  EXPECT_FALSE(cores_are_shared(8, 2, 0.0));
}

}  // namespace
}  // namespace nabla
