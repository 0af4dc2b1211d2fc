// SPDX-License-Identifier: MIT
#include "report/sparkline.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace nabla {
namespace {

TEST(Sparkline, GoesFromTheHighestToTheLowestBlock) {
  EXPECT_EQ(sparkline(std::vector<double>{1, 0.1, 0.01}), "█▅▁");  // logarithmic
  EXPECT_EQ(sparkline(std::vector<double>{0, 1, 7}), "▁▂█");
  EXPECT_EQ(sparkline(std::vector<double>{2, 2}), "▁▁");
}

TEST(Sparkline, LeavesOutWhatIsNotFinite) {
  EXPECT_EQ(sparkline(std::vector<double>{1, NAN, 2, INFINITY}), "▁█");
  EXPECT_EQ(sparkline(std::vector<double>{1, NAN}), "");
  EXPECT_EQ(sparkline({}), "");
}

TEST(Sparkline, IsNoWiderThanFortyBlocks) {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1000.0 - static_cast<double>(i);
  const std::string line = sparkline(values);
  EXPECT_EQ(line.size(), 40U * 3);
  EXPECT_EQ(line.substr(0, 3), "█");
  EXPECT_EQ(line.substr(39 * 3), "▁");
}

}  // namespace
}  // namespace nabla
